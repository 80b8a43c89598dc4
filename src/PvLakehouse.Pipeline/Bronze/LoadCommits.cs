using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources.Archive;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>
/// Commits a load to bronze piece by piece: what of its rows is news, which days that covers, and before both the archive's record of it.
/// </summary>
/// <param name="lake">The lake; its branch is written to.</param>
/// <param name="series">The table.</param>
/// <param name="archive">Where the load's bodies are.</param>
/// <param name="ingest">The load.</param>
internal sealed class LoadCommits(Lake lake, BronzeSeries series, IBodyArchive archive, Ingest ingest)
{
    private int _last;

    /// <summary>Length of the intervals of energy, for the record; null for other datasets.</summary>
    public string? Interval { get; init; }

    /// <summary>Appends a piece; commits nothing when it tells nothing new.</summary>
    /// <param name="rows">The rows, with audit columns.</param>
    /// <param name="farms">The farms asked for; none for the register.</param>
    /// <param name="before">What the table says of its loads.</param>
    /// <param name="after">What it is to say then.</param>
    /// <param name="cancellationToken">Stops the work; nothing is committed then.</param>
    /// <returns>What the table says now, and what was written.</returns>
    public async Task<(SeriesState State, WriteOutcome Outcome)> AppendAsync(
        IAsyncEnumerable<object?[]> rows, IEnumerable<KnownFacility> farms, SeriesState before, SeriesState after,
        CancellationToken cancellationToken)
    {
        var state = before;
        var outcome = await AppendAsync(lake, series, rows, async hasNews =>
        {
            var bodies = ingest.Batch.Stored?.Take() ?? [];
            if (!hasNews && after.SaysTheSameAs(before))
            {
                return null;
            }

            var name = LoadRecord.NameOf(ingest.Batch.Id, ++_last);
            state = after with { ReceivedUpTo = hasNews ? ingest.At : before.ReceivedUpTo, Load = name };
            await archive.RecordAsync(
                ingest.Batch.Dataset,
                new LoadRecord
                {
                    Name = name,
                    After = before.Load,
                    Mode = ingest.ModeText,
                    IngestedAt = ingest.At,
                    Interval = Interval,
                    Farms = [.. farms.Select(farm => new RecordedFarm(farm.Source, farm.Name, farm.Region))],
                    Properties = state.Properties,
                    Bodies = bodies,
                },
                cancellationToken);
            return new WriteOptions { SnapshotProperties = state.Properties, CommitWhenEmpty = true };
        }, cancellationToken);
        return (state, outcome);
    }

    /// <summary>Appends to a table what of some rows differs from the newest that it knows.</summary>
    /// <param name="lake">The lake; its branch is read and written.</param>
    /// <param name="series">The table.</param>
    /// <param name="rows">The rows, with audit columns.</param>
    /// <param name="commit">Told whether there is news; says what the commit records, null for none.</param>
    /// <param name="cancellationToken">Stops the work; nothing is committed then.</param>
    public static async Task<WriteOutcome> AppendAsync(
        Lake lake, BronzeSeries series, IAsyncEnumerable<object?[]> rows, Func<bool, Task<WriteOptions?>> commit,
        CancellationToken cancellationToken)
    {
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await session.StageAsync(
            "rows",
            [.. series.Contract.Columns.Select(column => new StagedColumn(column.Name, IcebergType.Parse(column.Type)))],
            rows, cancellationToken);
        var hasNews = await NewestKnown.StageAsync(lake, session, series, cancellationToken);
        return await commit(hasNews) is { } options
            ? await session.AppendAsync(
                series.Contract.Identifier, "SELECT * FROM news", options with { Branch = lake.Branch }, cancellationToken)
            : WriteOutcome.None;
    }
}
