using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Sandbox.Tests.Support;

/// <summary>Data that can be worked out by hand.</summary>
/// <remarks>
/// Energy of an hour is its UTC hour of the day (0 to 23) plus 0.25; of 5 minutes it is the number of the 5 minutes in the UTC day (0 to 287)
/// divided by 1000. A weather value is the UTC hour of the day plus 0.06 plus the position of the variable in the request times 100. Nothing is known
/// after the clock, the hours in <see cref="Gaps"/> are missing, and <see cref="Twice"/> is sent twice.
/// </remarks>
internal sealed class CountingData : ISandboxData
{
    public SandboxDataKind Kind { get; init; } = SandboxDataKind.Simulation;

    public IReadOnlyList<SandboxFacility> Facilities { get; init; } = FacilityRegistry.Load().Facilities;

    public HashSet<DateTimeOffset> Gaps { get; init; } = [];

    public string? UnknownVariable { get; init; }

    public (DateTimeOffset FromUtc, DateTimeOffset ToUtc)? Twice { get; init; }

    public IEnumerable<(DateTimeOffset FromUtc, DateTimeOffset ToUtc)> SentTwice(
        SandboxUnit unit, DateTimeOffset fromUtc, DateTimeOffset toUtc) => Twice is { } span ? [span] : [];

    public void Energy(SandboxUnit unit, EnergyInterval interval, DateTimeOffset fromUtc, DateTimeOffset asOf, Span<double?> values)
    {
        Assert.Equal(TimeSpan.Zero, fromUtc.Offset);
        for (var i = 0; i < values.Length; i++)
        {
            var start = fromUtc.AddMinutes(i * (int)interval);
            var isKnown = start.AddMinutes((int)interval) <= asOf && !Gaps.Contains(new(start.Date.AddHours(start.Hour), TimeSpan.Zero));
            values[i] = !isKnown ? null : interval == EnergyInterval.Hour ? start.Hour + 0.25 : start.TimeOfDay.TotalMinutes / 5 / 1000;
        }
    }

    public GridCell CellOf(HourlyDataset dataset, SandboxLocation location) =>
        new((float)(Math.Round(location.Latitude * 10) / 10), (float)(Math.Round(location.Longitude * 10) / 10), 173);

    public IReadOnlyList<double?[]?> Hourly(HourlyQuery query) =>
    [
        .. query.Variables.Select((variable, position) => variable == UnknownVariable ? null : Enumerable.Range(0, query.Count)
            .Select(i => Value(query, query.First.AddHours(i), position)).ToArray()),
    ];

    private double? Value(HourlyQuery query, UtcHour hour, int position) =>
        (query.Dataset == HourlyDataset.Archive && hour.Start > query.AsOf) || Gaps.Contains(hour.Start)
            ? null
            : hour.Start.Hour + 0.06 + (position * 100);
}
