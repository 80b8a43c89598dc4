using PvLakehouse.Solar.Plane;

namespace PvLakehouse.Solar.Power;

/// <summary>What a solar farm is made of, as far as its power depends on it.</summary>
public sealed record PvSystem
{
    /// <summary>Module power at 1000 W/m2 and 25 °C [MW], above 0. The registered capacity of many farms is this one.</summary>
    public required double CapacityDcMw { get; init => field = Require.InRange(value, double.Epsilon, 100_000, nameof(CapacityDcMw)); }

    /// <summary>Largest power into the grid [MW], above 0: inverter or connection limit, whichever binds first.</summary>
    public required double CapacityAcMw { get; init => field = Require.InRange(value, double.Epsilon, 100_000, nameof(CapacityAcMw)); }

    /// <summary>How the modules are held.</summary>
    public required Mounting Mounting { get; init; }

    /// <summary>Change of power per kelvin [1/K]; default -0.0035, usual for crystalline silicon.</summary>
    public double TemperatureCoefficient { get; init => field = Require.InRange(value, -0.02, 0, nameof(TemperatureCoefficient)); } = -0.0035;

    /// <summary>Share of DC power lost before the inverter, 0 to 1; default 0.1408 (<see cref="PvWatts.DefaultLoss"/>).</summary>
    public double Loss { get; init => field = Require.InRange(value, 0, 1, nameof(Loss)); } = PvWatts.DefaultLoss;

    /// <summary>Inverter efficiency at its limit, above 0 to 1; default 0.96.</summary>
    public double InverterEfficiency { get; init => field = Require.InRange(value, 0.01, 1, nameof(InverterEfficiency)); } = 0.96;

    /// <summary>Share of light that the ground reflects, 0 to 1; default 0.25.</summary>
    public double Albedo { get; init => field = Require.InRange(value, 0, 1, nameof(Albedo)); } = Transposition.DefaultAlbedo;
}
