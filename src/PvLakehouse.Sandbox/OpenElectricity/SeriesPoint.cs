using System.Runtime.InteropServices;

namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary>The value of one bucket.</summary>
/// <param name="Label">The stamp of the bucket, naive network time.</param>
/// <param name="EnergyMwh">Energy of the intervals that were published [MWh]; null when none was.</param>
/// <param name="Hours">Length of the intervals that were published [h].</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SeriesPoint(DateTime Label, double? EnergyMwh, double Hours)
{
    /// <summary>Mean power of the intervals that were published [MW].</summary>
    public double? PowerMw => EnergyMwh / Hours;
}
