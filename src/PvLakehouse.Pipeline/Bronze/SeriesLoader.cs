using System.Diagnostics;
using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Ops;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources.Archive;

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
        if (slices.Count == 0)
        {
            return result with { Elapsed = Stopwatch.GetElapsedTime(started) };
        }

        var earlier = await EarlierAnswers.BeginAsync(source.Archive, ingest.Batch, lake.Clock, cancellationToken);
        ingest = ingest with { Batch = ingest.Batch with { Earlier = earlier } };
        var commits = new LoadCommits(lake, source.Series, source.Archive, ingest) { Interval = source.Interval };
        foreach (var (index, slice) in slices.Index())
        {
            var laterFarms = slices.Skip(index + 1).SelectMany(later => later.Farms).ToHashSet();
            (state, var outcome) = await AppendAsync(commits, slice, days, laterFarms, ingest, state, cancellationToken);
            result = result with
            {
                SnapshotId = outcome.SnapshotId ?? result.SnapshotId,
                RowsInserted = result.RowsInserted + outcome.RowsInserted,
            };
        }

        await earlier.EndAsync(cancellationToken);
        var drift = await new SchemaDriftLedger(lake).RecordAsync(ingest.Batch, cancellationToken);
        return result with { Notes = [.. result.Notes, .. drift], Elapsed = Stopwatch.GetElapsedTime(started) };
    }

    private SeriesDays Days(IngestRequest request, SeriesState state) =>
        new(request, source, state, lake.Clock.GetUtcNow());

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
                $"The clock says {lake.Clock.GetUtcNow():u}, but the lake has rows of {ingest.At:u}: rows are stamped behind those. Check "
                + $"the clock.");
        }
    }

    private Task<(SeriesState State, WriteOutcome Outcome)> AppendAsync(
        LoadCommits commits, SeriesSlice slice, SeriesDays days, HashSet<KnownFacility> laterFarms, Ingest ingest, SeriesState state,
        CancellationToken cancellationToken)
    {
        var over = slice.Days.Intersect(new(DateOnly.MinValue, days.LastCompleteDay(slice.Clock)));
        var covered = over is { } done ? state.Coverage.With(slice.Farms.Select(days.KeyOf), done) : state.Coverage;
        // A farm's newest days have been asked for once its last slice is in.
        var finished = days.NotesToday ? slice.Farms.Where(farm => !laterFarms.Contains(farm)).Select(farm => days.AskedOf(farm, slice.Clock)) : [];
        var asked = finished.Aggregate(state.Asked, (known, one) => known.With([one.Key], new(one.Day, one.Day)));
        var rows = source.ReadAsync(slice.Farms, slice.Clock, slice.Days, ingest, cancellationToken);
        return commits.AppendAsync(
            rows.Select(row => (object?[])[.. row, .. ingest.Columns]), slice.Farms, state,
            state with { Coverage = covered, Asked = asked },
            cancellationToken);
    }
}
