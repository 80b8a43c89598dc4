using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Tests.Sources;

/// <summary>Data for the stand-in server that tell by their value which hour they belong to.</summary>
internal sealed class CountingData : ISandboxData
{
    public SandboxDataKind Kind => SandboxDataKind.Simulation;

    public IReadOnlyList<SandboxFacility> Facilities { get; } = FacilityRegistry.Load().Facilities;

    /// <summary>Energy of an hour: its number within the year 2026, in thousandths.</summary>
    public static double EnergyOf(DateTimeOffset hour) => Number(hour) / 1_000.0;

    /// <summary>Any weather value at a stamp: its number within the year 2026.</summary>
    public static double WeatherAt(DateTimeOffset stamp) => Number(stamp);

    public void Energy(
        SandboxUnit unit, EnergyInterval interval, DateTimeOffset fromUtc, DateTimeOffset asOf, Span<double?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var start = fromUtc.AddMinutes(i * (int)interval);
            values[i] = start < asOf ? EnergyOf(start) : null;
        }
    }

    public GridCell CellOf(HourlyDataset dataset, SandboxLocation location) =>
        new((float)location.Latitude, (float)location.Longitude, 100);

    public IReadOnlyList<double?[]?> Hourly(HourlyQuery query) =>
        [.. query.Variables.Select(_ => Enumerable.Range(0, query.Count).Select(i => At(query, query.First.AddHours(i))).ToArray())];

    // What was forecast some days before is known until as many days ahead, and tells its lead by the tenths.
    private static double? At(HourlyQuery query, UtcHour stamp) =>
        stamp.Start.AddDays(-query.LeadDays) <= query.AsOf ? WeatherAt(stamp.Start) + (query.LeadDays / 10.0) : null;

    private static int Number(DateTimeOffset instant) =>
        (int)(instant - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalHours;
}
