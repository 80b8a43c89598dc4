using System.Runtime.InteropServices;

namespace PvLakehouse.Sandbox.Registry;

/// <summary>A point on the ground.</summary>
/// <param name="Latitude">[°], north positive, −90 to 90.</param>
/// <param name="Longitude">[°], east positive, −180 to 180.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SandboxLocation(double Latitude, double Longitude);
