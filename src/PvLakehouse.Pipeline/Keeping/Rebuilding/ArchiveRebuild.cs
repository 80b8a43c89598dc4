using System.Diagnostics;
using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Publishing;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources.Archive;

namespace PvLakehouse.Pipeline.Keeping.Rebuilding;

/// <summary>Makes bronze, and all that is made of it, anew from the archived answers of the sources; asks no source.</summary>
/// <remarks>
/// Every commit that bronze is made of is done again, in order, with its rows' batch and instant. All of it happens on the audit branches:
/// until the last table is complete and has passed its expectations, readers see what was there. Rows that somebody added to bronze or
/// deleted from it by other means are as the sources sent them afterwards.
/// </remarks>
public sealed class ArchiveRebuild(Lake lake, IBodyArchive archive)
{
    private readonly ArchivedRows _rows = new(archive);

    /// <summary>Reads the whole archive and says what a rebuild takes.</summary>
    /// <exception cref="PipelineException">The archive lacks something that bronze is made of.</exception>
    /// <exception cref="Sources.SourceException">A body or record is missing or damaged.</exception>
    public async Task<IReadOnlyList<ArchivedTable>> PlanAsync(CancellationToken cancellationToken)
    {
        var plans = new List<ArchivedTable>();
        foreach (var table in ArchivedRows.Tables)
        {
            var records = await new ArchivedLoads(lake, archive).OfAsync(table.Contract, cancellationToken);
            var (bodies, bytes) = (0, 0L);
            foreach (var record in records)
            {
                await foreach (var body in _rows.BodiesAsync(table.Contract, record, cancellationToken))
                {
                    bodies++;
                    bytes += body.Body.Length;
                }
            }

            plans.Add(new(table.Contract, records, bodies, bytes));
        }

        return plans.Any(plan => plan.Records.Count > 0)
            ? plans
            : throw new PipelineException("The archive holds no load; nothing was rebuilt.");
    }

    /// <summary>Rebuilds what a plan says, then silver and gold, and publishes all together.</summary>
    /// <param name="plans">What <see cref="PlanAsync"/> gave.</param>
    /// <param name="observe">Runs each stage.</param>
    /// <param name="cancellationToken">Stops the work; nothing is published then.</param>
    /// <exception cref="AuditException">An expectation failed; the tables are as they were.</exception>
    public Task RunAsync(IReadOnlyList<ArchivedTable> plans, StageObserver observe, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plans);
        ArgumentNullException.ThrowIfNull(observe);
        return new AuditedRun(lake).RunAsync(
            async models =>
            {
                foreach (var (plan, series) in plans.Zip(ArchivedRows.Tables).Where(pair => pair.First.Records.Count > 0))
                {
                    await observe(Datasets.NameOf(plan.Table), () => BronzeAsync(models.Lake, series, plan.Records, cancellationToken));
                }

                await models.RunAllAsync(ModelMode.Full, LoadStrategy.Overwrite, observe, cancellationToken);
            },
            observe, cancellationToken);
    }

    private async Task<StageResult> BronzeAsync(
        Lake branch, BronzeSeries series, IReadOnlyList<LoadRecord> records, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await branch.Tables.EnsureAsync(series.Contract, cancellationToken);
        await EmptyAsync(branch, series.Contract, cancellationToken);
        var outcome = WriteOutcome.None;
        var rows = 0L;
        foreach (var record in records)
        {
            outcome = await LoadCommits.AppendAsync(
                branch, series, _rows.Of(series.Contract, record, cancellationToken),
                _ => Task.FromResult<WriteOptions?>(new() { SnapshotProperties = record.Properties, CommitWhenEmpty = true }),
                cancellationToken);
            rows += outcome.RowsInserted;
        }

        return new(series.Contract.ToString(), outcome.SnapshotId, Stopwatch.GetElapsedTime(started))
        {
            RowsInserted = rows,
            Summary = string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows of {records.Count:N0} archived loads"),
        };
    }

    private static async Task EmptyAsync(Lake branch, TableContract table, CancellationToken cancellationToken)
    {
        await using var session = await branch.Engine.OpenSessionAsync(cancellationToken);
        await branch.BindAsync(session, table, cancellationToken);
        await session.OverwriteAsync(
            table.Identifier, $"SELECT * FROM {table.Name} WHERE false", new WriteOptions { Branch = branch.Branch }, cancellationToken);
    }
}

/// <summary>What the archive has of a bronze table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Records">Its commits, oldest first.</param>
/// <param name="Bodies">Number of bodies they are made of.</param>
/// <param name="Bytes">Their length [bytes].</param>
public sealed record ArchivedTable(TableContract Table, IReadOnlyList<LoadRecord> Records, int Bodies, long Bytes);
