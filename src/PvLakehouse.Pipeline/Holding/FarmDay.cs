using System.Runtime.InteropServices;

namespace PvLakehouse.Pipeline.Holding;

/// <summary>A farm's day of market time.</summary>
/// <param name="Facility">Code of the farm.</param>
/// <param name="Date">Calendar day of the market's clock.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FarmDay(string Facility, DateOnly Date);
