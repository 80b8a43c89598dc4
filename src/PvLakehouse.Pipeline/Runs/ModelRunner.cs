using System.Diagnostics;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Gold;
using PvLakehouse.Pipeline.Holding;
using PvLakehouse.Pipeline.Ops;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>Runs one SQL model: finds what changed in its sources, computes it and commits it with the new watermark.</summary>
internal sealed class ModelRunner(Lake lake)
{
    public async Task<StageResult> RunAsync(
        SqlModel model, ModelMode mode, LoadStrategy strategy, CancellationToken cancellationToken)
    {
        if (strategy == LoadStrategy.Overwrite && mode == ModelMode.Incremental)
        {
            throw new PipelineException(
                $"{model.Target} cannot be overwritten with new rows only: use --mode full with --load-strategy overwrite.");
        }

        var started = Stopwatch.GetTimestamp();
        var target = await lake.Tables.EnsureAsync(model.Target, cancellationToken);
        var head = lake.HeadOf(target);
        var sources = new List<PinnedSource>();
        foreach (var source in model.Sources)
        {
            sources.Add(await PinnedSource.OfAsync(lake, source, target, cancellationToken));
        }

        var fingerprint = ModelSession.Fingerprint(model);
        var isCurrent = Watermark.Of(target.Metadata, head, Watermark.Model) == fingerprint;
        var isConsumed = isCurrent && sources.TrueForAll(source => source.IsConsumed);
        if (mode == ModelMode.Incremental && isConsumed)
        {
            return Nothing(model, started);
        }

        // Rows of another definition are stale, whatever the sources did.
        mode = isCurrent ? mode : ModelMode.Full;

        await RequireAsync(model, cancellationToken);
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await PrepareAsync(session, model, sources, mode, cancellationToken);

        var stamp = Instants.ToMicroseconds(lake.Clock.GetUtcNow());
        var write = new WriteOptions
        {
            Branch = lake.Branch,
            SnapshotProperties = Watermark.Properties(sources.Select(source => (source.Source.Table, source.Rows)), fingerprint, stamp),
            CommitWhenEmpty = !isConsumed,
        };
        var outcome = await WriteAsync(session, model, sources, mode, strategy, write, stamp, cancellationToken);
        return Result(model.Target, outcome, started);
    }

    /// <summary>Computes the keys and writes their rows, a slice after the other; the last commit has the watermark.</summary>
    private async Task<WriteOutcome> WriteAsync(
        ISqlSession session, SqlModel model, List<PinnedSource> sources, ModelMode mode, LoadStrategy strategy, WriteOptions write,
        DateTimeOffset stamp, CancellationToken cancellationToken)
    {
        var slices = model.HasKeys
            ? await KeySlice.FindAsync(session, model.Target, lake.RowsOfSlice, cancellationToken)
            : [KeySlice.Whole];
        var isWhole = slices.Count == 1;
        if (!isWhole)
        {
            await session.ExecuteAsync("ALTER TABLE keys RENAME TO all_keys", cancellationToken);
        }

        var total = WriteOutcome.None;
        foreach (var (index, slice) in slices.Index())
        {
            if (!isWhole)
            {
                await session.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE keys AS SELECT * FROM all_keys WHERE {slice.Condition}", cancellationToken);
            }

            await StageAsync(session, model, sources, isNarrow: !isWhole || mode == ModelMode.Incremental, cancellationToken);
            var isLast = index == slices.Count - 1;
            var part = isLast ? write : write with { SnapshotProperties = Watermark.Stamped(stamp), CommitWhenEmpty = false };
            total = Sum(total, await PutAsync(index, slice, part));
        }

        return total;

        async Task<WriteOutcome> PutAsync(int index, KeySlice slice, WriteOptions part)
        {
            var (target, select) = (model.Target.Identifier, ModelSession.Select(model, stamp));
            if (strategy == LoadStrategy.Merge)
            {
                // All rows are computed in full mode, so one that is not among them has lost its sources.
                var merge = Merge(await lake.Tables.EnsureAsync(model.Target, cancellationToken), model.Target, part);
                return await session.MergeAsync(
                    target, select, merge with { DeleteMissing = mode == ModelMode.Full ? slice.Condition : null }, cancellationToken);
            }

            return index == 0
                ? await session.OverwriteAsync(target, select, part, cancellationToken)
                : await session.AppendAsync(target, select, part, cancellationToken);
        }
    }

    private static WriteOutcome Sum(WriteOutcome one, WriteOutcome next) => new(
        next.SnapshotId ?? one.SnapshotId, one.RowsInserted + next.RowsInserted, one.RowsUpdated + next.RowsUpdated,
        one.RowsDeleted + next.RowsDeleted, one.RowsUnchanged + next.RowsUnchanged, one.BytesWritten + next.BytesWritten);

    /// <summary>How rows of a contract are merged: by its key, keeping created_at, judging change without updated_at.</summary>
    /// <remarks>Columns that the contract has left behind keep their values, like created_at.</remarks>
    public static MergeOptions Merge(Table table, TableContract target, WriteOptions write) => new()
    {
        KeyColumns = target.Key,
        InsertStampColumns = [.. Stamps(target, QualityColumns.CreatedAt), .. TableEvolution.Left(table.Schema, target)],
        UpdateStampColumns = Stamps(target, QualityColumns.UpdatedAt),
        Write = write,
    };

    public static StageResult Result(TableContract target, WriteOutcome outcome, long started) =>
        new(target.ToString(), outcome.SnapshotId, Stopwatch.GetElapsedTime(started))
        {
            RowsInserted = outcome.RowsInserted,
            RowsUpdated = outcome.RowsUpdated,
            RowsUnchanged = outcome.RowsUnchanged,
            RowsDeleted = outcome.RowsDeleted,
        };

    private static string[] Stamps(TableContract target, string column) =>
        target.Columns.Any(candidate => candidate.Name == column) ? [column] : [];

    private static StageResult Nothing(SqlModel model, long started) =>
        new(model.Target.ToString(), null, Stopwatch.GetElapsedTime(started));

    /// <summary>Makes the relations that the model's SQL names, and finds its keys.</summary>
    private async Task PrepareAsync(
        ISqlSession session, SqlModel model, List<PinnedSource> sources, ModelMode mode, CancellationToken cancellationToken)
    {
        await ModelSession.StartAsync(session, cancellationToken);
        foreach (var lookup in model.Lookups)
        {
            await lake.BindAsync(session, lookup, cancellationToken);
        }

        foreach (var source in sources)
        {
            await source.BindAsync(session, mode, cancellationToken);
        }

        await ModelSession.DeriveAsync(session, model, mode, cancellationToken);
        if (model.Lookups.Contains(FactSolarEnvironmental.Contract))
        {
            await FactSpans.StageAsync(lake, session, mode, cancellationToken);
        }

        if (model.HasKeys)
        {
            await ModelSession.FindKeysAsync(session, model, only: "true", cancellationToken);
            await RequireFarmsAsync(session, model, cancellationToken);
        }
    }

    /// <summary>Makes what the model's SQL needs for the keys that there are.</summary>
    private async Task StageAsync(
        ISqlSession session, SqlModel model, List<PinnedSource> sources, bool isNarrow, CancellationToken cancellationToken)
    {
        if (isNarrow && model.HasKeys)
        {
            await NarrowAsync(session, model, sources, cancellationToken);
        }

        if (model.Sources.Any(source => source.Table == HeldDays.Contract))
        {
            await PublishedEnergy.StageAsync(lake, session, cancellationToken);
        }

        if (model.Sun.Count > 0)
        {
            await SunTable.StageAsync(session, model.Sun, cancellationToken);
        }
    }

    /// <summary>Binds the sources again with the span of the keys, so that files of other months are never opened.</summary>
    private static async Task NarrowAsync(
        ISqlSession session, SqlModel model, List<PinnedSource> sources, CancellationToken cancellationToken)
    {
        if (sources.TrueForAll(source => source.Source.LimitedBy is null))
        {
            return;
        }

        var span = await RowSpan.OfAsync(session, $"SELECT min({model.SpanOf}), max({model.SpanOf}) FROM keys", cancellationToken);
        if (span?.Widened(model.Before, model.After) is not { } read)
        {
            return;
        }

        foreach (var source in sources)
        {
            if (source.Source.LimitedBy is { } column)
            {
                await session.BindAsync(
                    source.Source.Table.Name,
                    new TableAt(source.Table.Identifier, source.Pinned) { Filter = read.On(column) },
                    cancellationToken);
            }
        }
    }

    private async Task RequireAsync(SqlModel model, CancellationToken cancellationToken)
    {
        foreach (var table in model.Prerequisites)
        {
            var found = await lake.Tables.FindAsync(table, cancellationToken);
            if (found is null || lake.HeadOf(found) is null)
            {
                throw new PipelineException(
                    $"{model.Target} needs {table}, which is empty: run 'pvlake {table.Layer} {Datasets.NameOf(table)}' first.");
            }
        }
    }

    /// <summary>A fact row needs its farm's key, which only the dimension gives.</summary>
    private static async Task RequireFarmsAsync(ISqlSession session, SqlModel model, CancellationToken cancellationToken)
    {
        if (!model.Lookups.Contains(DimFacility.Contract))
        {
            return;
        }

        var result = await session.QueryAsync(
            "SELECT DISTINCT facility_code FROM keys WHERE facility_code NOT IN (SELECT facility_code FROM dim_facility) ORDER BY 1",
            parameters: null, cancellationToken);
        var unknown = (await result.ToListAsync(cancellationToken)).Select(row => (string)row[0]!).ToArray();
        if (unknown.Length > 0)
        {
            throw new PipelineException(
                $"{DimFacility.Contract} does not know {string.Join(", ", unknown)}: run 'pvlake gold {Datasets.NameOf(DimFacility.Contract)}' first.");
        }
    }
}
