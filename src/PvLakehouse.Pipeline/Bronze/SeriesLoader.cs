using System.Diagnostics;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>Reads the rows of one dataset for some farms of one network and some days, in contract order without audit columns.</summary>
internal delegate IAsyncEnumerable<object?[]> ReadSeries(
    IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days, Ingest ingest, CancellationToken cancellationToken);

/// <summary>Loads a time series into bronze: finds the days that each farm lacks, asks for them, and appends them slice by slice.</summary>
/// <remarks>Each slice is one commit that also records its days, so an interrupted load goes on where it stopped.</remarks>
internal sealed class SeriesLoader(Lake lake, TableContract target, ReadSeries read, bool needsLocation)
{
    // Some hundred thousand rows a commit: few files, little memory, little to repeat after an interruption.
    private const int MostRowsOfSlice = 1_000_000;
    private const int MostDaysOfSlice = 366;

    public async Task<StageResult> RunAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var facilities = await KnownFacility.ReadAsync(lake, request.Facilities, cancellationToken);
        var table = await lake.Tables.EnsureAsync(target, cancellationToken);
        var coverage = Coverage.Parse(Watermark.Of(table.Metadata, table.CurrentSnapshot, Watermark.Coverage));
        var ingest = Ingest.Start(target.Name, request.Mode, lake.Clock, request.Progress);
        var result = new StageResult(target.ToString(), null, TimeSpan.Zero)
        {
            Notes = [.. facilities.Where(Unreachable).Select(farm => $"{farm.Code} has no coordinates, so nothing can be asked for it.")],
        };
        foreach (var (clock, days, farms) in Slices(request, facilities, coverage))
        {
            (coverage, var outcome) = await AppendAsync(farms, clock, days, ingest, coverage, cancellationToken);
            result = result with
            {
                SnapshotId = outcome.SnapshotId ?? result.SnapshotId,
                RowsInserted = result.RowsInserted + outcome.RowsInserted,
            };
        }

        return result with { Elapsed = Stopwatch.GetElapsedTime(started) };
    }

    /// <summary>What is to be asked for, oldest first: farms of one network that lack the same days, in pieces of bounded size.</summary>
    private IEnumerable<(NetworkClock Clock, DayRange Days, IReadOnlyList<KnownFacility> Farms)> Slices(
        IngestRequest request, IReadOnlyList<KnownFacility> facilities, Coverage coverage)
    {
        var wanted =
            from farm in facilities.Where(farm => !Unreachable(farm))
            let clock = NetworkClock.Of(farm.Source.NetworkId)
            from days in Wanted(request, farm.Code, clock, coverage)
            group farm by (clock, days) into farms
            orderby farms.Key.days.First, farms.Key.clock.NetworkId
            select farms;
        foreach (var farms in wanted)
        {
            var days = Math.Clamp(MostRowsOfSlice / 24 / farms.Count(), 1, MostDaysOfSlice);
            foreach (var piece in farms.Key.days.Split(days))
            {
                yield return (farms.Key.clock, piece, [.. farms]);
            }
        }
    }

    private IEnumerable<DayRange> Wanted(IngestRequest request, string code, NetworkClock clock, Coverage coverage)
    {
        var today = clock.DayOf(lake.Clock.GetUtcNow());
        var window = request.Window ?? Newest(code, today.AddDays(-1), coverage);
        // Tomorrow has no measurements, and a day that is not complete yet is read but not recorded as done.
        var known = window is { } days && days.First <= today ? new DayRange(days.First, days.Last < today ? days.Last : today) : (DayRange?)null;
        return known is not { } asked ? [] : request.Refresh ? [asked] : coverage.Missing(code, asked);
    }

    /// <summary>From the day after the last one that was loaded to yesterday; only yesterday for a farm without any.</summary>
    private static DayRange? Newest(string code, DateOnly yesterday, Coverage coverage)
    {
        var first = coverage.LastDay(code)?.AddDays(1) ?? yesterday;
        return first <= yesterday ? new DayRange(first, yesterday) : null;
    }

    private async Task<(Coverage Coverage, WriteOutcome Outcome)> AppendAsync(
        IReadOnlyList<KnownFacility> farms, NetworkClock clock, DayRange days, Ingest ingest, Coverage coverage,
        CancellationToken cancellationToken)
    {
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await session.StageAsync(
            "rows",
            [.. target.Columns.Select(column => new StagedColumn(column.Name, IcebergType.Parse(column.Type)))],
            read(farms, clock, days, ingest, cancellationToken).Select(row => (object?[])[.. row, .. ingest.Columns]),
            cancellationToken);
        var over = days.Intersect(new DayRange(DateOnly.MinValue, LastCompleteDay(clock)));
        var covered = over is { } done ? coverage.With(farms.Select(farm => farm.Code), done) : coverage;
        var outcome = await session.AppendAsync(
            target.Identifier,
            "SELECT * FROM rows",
            new WriteOptions
            {
                SnapshotProperties = new Dictionary<string, string>(StringComparer.Ordinal) { [Watermark.Coverage] = covered.ToString() },
                CommitWhenEmpty = over is not null,
            },
            cancellationToken);
        return (covered, outcome);
    }

    /// <summary>The last day that may count as done: over, and published. The WEM publishes a day about 24 hours late.</summary>
    private DateOnly LastCompleteDay(NetworkClock clock) =>
        clock.DayOf(lake.Clock.GetUtcNow()).AddDays(clock == NetworkClock.Wem ? -2 : -1);

    private bool Unreachable(KnownFacility farm) => needsLocation && !farm.Source.HasLocation;
}
