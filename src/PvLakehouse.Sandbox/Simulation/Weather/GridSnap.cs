using PvLakehouse.Sandbox.Registry;

namespace PvLakehouse.Sandbox.Simulation.Weather;

/// <summary>A regular grid of a model.</summary>
/// <param name="CellsPerDegree">Cells per degree of latitude and longitude.</param>
internal readonly record struct GridSnap(double CellsPerDegree)
{
    /// <summary>The weather model, about 10 km.</summary>
    internal static GridSnap Weather { get; } = new(10);

    /// <summary>The global air quality model, 0.4°.</summary>
    internal static GridSnap Air { get; } = new(2.5);

    /// <summary>The centre of the cell that holds a place.</summary>
    internal SandboxLocation Of(SandboxLocation place) => new(
        Math.Round(place.Latitude * CellsPerDegree) / CellsPerDegree, Math.Round(place.Longitude * CellsPerDegree) / CellsPerDegree);
}
