using System.Runtime.InteropServices;

namespace PvLakehouse.Sandbox.Data;

/// <summary>The grid cell that a model serves for a coordinate.</summary>
/// <param name="Latitude">Of the cell's centre [°].</param>
/// <param name="Longitude">Of the cell's centre [°].</param>
/// <param name="Elevation">Of the ground [m]; null where unknown.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GridCell(float Latitude, float Longitude, float? Elevation);
