using System.Diagnostics;
using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>Loads a time series into bronze: finds the days that each farm lacks, asks for them, and appends them slice by slice.</summary>
/// <remarks>
/// Each slice is one commit that also records its days, so an interrupted load goes on where it stopped. Only what differs from the newest
/// known value of its key is appended: a day that is read again leaves its unchanged values in the archived body alone.
/// </remarks>
internal sealed class SeriesLoader(Lake lake, ISeriesSource source)
{
    public async Task<StageResult> RunAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var facilities = await KnownFacility.ReadAsync(lake, request.Facilities, cancellationToken);
        var table = await lake.Tables.EnsureAsync(source.Series.Contract, cancellationToken);
        var state = SeriesState.Of(table);
        var ingest = Ingest.Start(source.Series.Contract.Name, request.Mode, lake.Clock, state.ReceivedUpTo, request.Progress);
        var days = Days(request, state);
        var slices = days.Slices([.. facilities.Where(source.CanAsk)], source.RowsPerDay);
        var result = new StageResult(source.Series.Contract.ToString(), null, TimeSpan.Zero) { Notes = [.. Notes(facilities, ingest)] };
        foreach (var (index, slice) in slices.Index())
        {
            var laterFarms = slices.Skip(index + 1).SelectMany(later => later.Farms).ToHashSet();
            (state, var outcome) = await AppendAsync(slice, days, laterFarms, ingest, state, cancellationToken);
            result = result with
            {
                SnapshotId = outcome.SnapshotId ?? result.SnapshotId,
                RowsInserted = result.RowsInserted + outcome.RowsInserted,
            };
        }

        return result with { Elapsed = Stopwatch.GetElapsedTime(started) };
    }

    private SeriesDays Days(IngestRequest request, SeriesState state) =>
        new(request, state.Coverage, state.Asked, source.Suffix, lake.Clock.GetUtcNow());

    private IEnumerable<string> Notes(IReadOnlyList<KnownFacility> facilities, Ingest ingest)
    {
        foreach (var farm in facilities.Where(farm => !source.CanAsk(farm)))
        {
            yield return $"{farm.Code} has no coordinates, so nothing can be asked for it.";
        }

        if (ingest.At > lake.Clock.GetUtcNow().AddMinutes(1))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The clock says {lake.Clock.GetUtcNow():u}, but the lake has rows of {ingest.At:u}: rows are stamped behind those. Check the clock.");
        }
    }

    private async Task<(SeriesState State, WriteOutcome Outcome)> AppendAsync(
        SeriesSlice slice, SeriesDays days, HashSet<KnownFacility> laterFarms, Ingest ingest, SeriesState state,
        CancellationToken cancellationToken)
    {
        var (series, target) = (source.Series, source.Series.Contract);
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await session.StageAsync(
            "rows",
            [.. target.Columns.Select(column => new StagedColumn(column.Name, IcebergType.Parse(column.Type)))],
            source.ReadAsync(slice.Farms, slice.Clock, slice.Days, ingest, cancellationToken).Select(row => (object?[])[.. row, .. ingest.Columns]),
            cancellationToken);

        var over = slice.Days.Intersect(new(DateOnly.MinValue, days.LastCompleteDay(slice.Clock)));
        var covered = over is { } done ? state.Coverage.With(slice.Farms.Select(days.KeyOf), done) : state.Coverage;
        // A farm's newest days have been asked for once its last slice is in.
        var today = slice.Clock.DayOf(lake.Clock.GetUtcNow());
        var finished = days.NotesToday ? slice.Farms.Where(farm => !laterFarms.Contains(farm)).Select(days.KeyOf).ToArray() : [];
        var asked = finished.Length > 0 ? state.Asked.With(finished, new(today, today)) : state.Asked;
        var hasNews = await NewestKnown.StageAsync(session, series, cancellationToken);
        state = new(covered, asked, hasNews ? ingest.At : state.ReceivedUpTo);
        var outcome = await session.AppendAsync(
            target.Identifier,
            "SELECT * FROM news",
            new WriteOptions { SnapshotProperties = state.Properties, CommitWhenEmpty = over is not null || finished.Length > 0 },
            cancellationToken);
        return (state, outcome);
    }
}
