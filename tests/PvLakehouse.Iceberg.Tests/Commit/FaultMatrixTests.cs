using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;
using Step = PvLakehouse.Iceberg.Tests.Support.ScriptedCatalog.Step;

namespace PvLakehouse.Iceberg.Tests.Commit;

/// <summary>
/// Every operation, with a fault at each of its steps: the table loads, no file is lost or there twice, nothing that it refers to
/// is missing, and files are removed only when the commit certainly failed.
/// </summary>
public sealed class FaultMatrixTests
{
    private static readonly DateTimeOffset February = new(2025, 2, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Expression InJanuary = Expression.LessThan("date_hour", February);
    private static readonly string[] Before = ["2025-01-0", "2025-02-0", "2025-03-0", "k2"];

    private static readonly Dictionary<string, (Func<Table, CancellationToken, Task> Run, string[] After)> Operations = new(StringComparer.Ordinal)
    {
        ["fast append"] = ((t, c) => t.NewFastAppend().Add(TestTable.Month(2025, 4)).CommitAsync(c), [.. Before, "2025-04-0"]),
        ["append"] = ((t, c) => t.NewAppend().Add(TestTable.Month(2025, 4)).CommitAsync(c), [.. Before, "2025-04-0"]),
        ["overwrite"] = (
            (t, c) => t.NewOverwrite().Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1))
                .ValidateFrom(t.CurrentSnapshot!.SnapshotId, IsolationLevel.Serializable, InJanuary).CommitAsync(c),
            ["2025-01-1", "2025-02-0", "2025-03-0", "k2"]),
        ["overwrite by filter"] = (
            (t, c) => t.NewOverwrite().OverwriteByFilter(InJanuary).Add(TestTable.Month(2025, 1, 1)).ValidateFrom(t.CurrentSnapshot!.SnapshotId).CommitAsync(c),
            ["2025-01-1", "2025-02-0", "2025-03-0", "k2"]),
        ["delete"] = ((t, c) => t.NewDelete().DeleteFromRowFilter(InJanuary).CommitAsync(c), ["2025-02-0", "2025-03-0", "k2"]),
        ["replace partitions"] = (
            (t, c) => t.NewReplacePartitions().Add(TestTable.Month(2025, 2, 1)).ValidateFromSnapshot(t.CurrentSnapshot!.SnapshotId).ValidateNoConflictingData()
                .ValidateNoConflictingDeletes().CommitAsync(c),
            ["2025-01-0", "2025-02-1", "2025-03-0"]),
        ["row delta"] = (
            (t, c) => t.NewRowDelta().AddRows(TestTable.Month(2025, 4)).AddDeletes(Entries.Positions(1, "p1")).ValidateFromSnapshot(t.CurrentSnapshot!.SnapshotId)
                .ValidateDataFilesExist([TestTable.Month(2025, 1).FilePath]).ConflictDetectionFilter(InJanuary).ValidateNoConflictingDataFiles()
                .ValidateNoConflictingDeleteFiles().CommitAsync(c),
            [.. Before, "2025-04-0", "p1"]),
        ["rewrite"] = (
            (t, c) => t.NewRewrite().Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1)).UseStartingSequenceNumber(1).CommitAsync(c),
            ["2025-01-1", "2025-02-0", "2025-03-0", "k2"]),
        ["rewrite manifests"] = ((t, c) => t.NewRewriteManifests().ClusterBy(f => f.Partition[0]).CommitAsync(c), Before),
        ["cherry-pick"] = (
            (t, c) => t.ManageSnapshots().Cherrypick(t.Metadata.Snapshots.Single(s => s.Summary.ContainsKey("wap.id")).SnapshotId).CommitAsync(c),
            [.. Before, "2025-05-0"]),
        ["schema"] = ((t, c) => t.UpdateSchema().AddColumn("n", IcebergType.Int).CommitAsync(c), Before),
        ["transaction"] = (
            async (t, c) =>
            {
                await using var transaction = t.NewTransaction();
                await transaction.NewAppend().Add(TestTable.Month(2025, 4)).CommitAsync(c);
                await transaction.UpdateSchema().AddColumn("n", IcebergType.Int).CommitAsync(c);
                await transaction.NewOverwrite().Remove(TestTable.Month(2025, 4)).Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 4, 1)).CommitAsync(c);
                await transaction.ManageSnapshots().CreateTag("done").CommitAsync(c);
                await transaction.CommitAsync(c);
            },
            ["2025-02-0", "2025-03-0", "2025-04-1", "k2"]),
        ["replace table"] = (
            async (t, c) =>
            {
                await using var transaction = await t.Catalog.NewReplaceTransactionAsync(t.Identifier, new() { Schema = TestTable.Schema, Spec = TestTable.ByMonth }, cancellationToken: c);
                await transaction.NewAppend().Add(TestTable.Month(2025, 4)).CommitAsync(c);
                await transaction.CommitAsync(c);
            },
            ["2025-04-0"]),
    };

    public static TheoryData<string> Names => [.. Operations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_step_that_fails_leaves_the_table_as_it_was_or_as_it_should_be(string operation)
    {
        var steps = 0;
        foreach (var (after, dead) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            for (var step = 0; ; step++)
            {
                var memory = new InMemoryFileIO();
                var io = new FaultyFileIO(memory) { After = after, StayDead = dead };
                var (table, _) = await StaleTableAsync(io, step);
                var stored = memory.Locations;
                io.Restart(step);
                var committed = await CommitsAsync<IOException>(operation, table, TestTable.Cancel);
                var (triggered, left) = (io.Triggered, memory.Locations);
                io.Restart(-1);
                await CheckAsync(table, memory, committed ? Operations[operation].After : Before);
                if (!triggered)
                {
                    Assert.True(committed);
                    break;
                }

                if (!committed && !dead && io.FailedStep is not "before delete")
                {
                    // A failure that is certain leaves nothing behind.
                    Assert.Equal(stored, left);
                }

                steps++;
            }
        }

        Assert.True(steps >= 4, $"Only {steps} steps.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_step_that_hangs_can_be_cancelled(string operation)
    {
        foreach (var after in new[] { false, true })
        {
            // Steps of the clean-up cannot be cancelled; after the last step there are only such.
            for (var (step, quiet) = (0, 0); quiet < 12; step++)
            {
                var memory = new InMemoryFileIO();
                var io = new HangingFileIO(memory);
                var (table, _) = await StaleTableAsync(io, step);
                var stored = memory.Locations;
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestTable.Cancel);
                io.Restart(step, after, patience);
                var committed = await CommitsAsync<OperationCanceledException>(operation, table, patience.Token);
                var (triggered, left) = (io.Triggered, memory.Locations);
                io.Restart(-1, after: false, patience: null);
                await CheckAsync(table, memory, committed ? Operations[operation].After : Before);
                if (!committed)
                {
                    Assert.Equal(stored, left);
                }

                quiet = triggered ? 0 : quiet + 1;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_answer_of_the_catalog_that_is_lost_or_a_refusal_never_costs_files(string operation)
    {
        foreach (var step in Enum.GetValues<Step>())
        {
            var memory = new InMemoryFileIO();
            var (table, catalog) = await StaleTableAsync(memory, (int)step);
            await table.RefreshAsync(TestTable.Cancel);
            var stored = memory.Locations;
            catalog.Script.Enqueue(step);
            Exception? failure = null;
            try
            {
                await Operations[operation].Run(table, TestTable.Cancel);
            }
            catch (IcebergException e)
            {
                failure = e;
            }

            Assert.Equal(
                step switch
                {
                    Step.FailAndForget => typeof(CommitStateUnknownException),
                    Step.Refuse => typeof(IcebergException),
                    _ => null,
                },
                failure?.GetType());
            if (step == Step.Refuse)
            {
                Assert.Equal(stored, memory.Locations);
            }

            Assert.Empty(stored.Except(memory.Locations));
            await CheckAsync(table, memory, step is Step.FailAndForget or Step.Refuse ? Before : Operations[operation].After);
        }
    }

    private static async Task<bool> CommitsAsync<TFailure>(string operation, Table table, CancellationToken cancellationToken)
        where TFailure : Exception
    {
        try
        {
            await Operations[operation].Run(table, cancellationToken);
            return true;
        }
        catch (TFailure)
        {
            return false;
        }
    }

    /// <summary>A table object that is one commit behind, so that its first attempt fails.</summary>
    private static async Task<(Table Table, ScriptedCatalog Catalog)> StaleTableAsync(IFileIO io, int seed)
    {
        var catalog = new ScriptedCatalog(io, new CommitContext(new InstantTime(), new IdSource(seed + 1)));
        var table = await catalog.CreateTableAsync(
            TestTable.Name,
            new()
            {
                Schema = TestTable.Schema,
                Spec = TestTable.ByMonth,
                Properties = new Dictionary<string, string>(StringComparer.Ordinal) { ["commit.manifest.min-count-to-merge"] = "3" },
            },
            TestTable.Cancel);
        await table.NewAppend().AddRange([TestTable.Month(2025, 1), TestTable.Month(2025, 2)]).CommitAsync(TestTable.Cancel);
        await table.NewFastAppend().Add(TestTable.Month(2025, 5)).Set("wap.id", "w").StageOnly().CommitAsync(TestTable.Cancel);
        await table.NewRowDelta().AddDeletes(Entries.Keys(2, "k2")).CommitAsync(TestTable.Cancel);
        var other = await Entries.ReloadAsync(table);
        await other.NewFastAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);
        return (table, catalog);
    }

    /// <summary>Reads everything that the table refers to, without any cache, and compares with what must be there.</summary>
    private static async Task CheckAsync(Table table, InMemoryFileIO io, string[] expected)
    {
        var location = (await Entries.ReloadAsync(table)).MetadataLocation;
        var metadata = await new MetadataStore(io, CommitContext.System).ReadAsync(location, TestTable.Cancel);
        var loaded = new Table(table.Catalog, table.Identifier, io, new TableState(metadata, location), table.Context);
        foreach (var snapshot in metadata.Snapshots)
        {
            var entries = await Entries.OfAsync(loaded, snapshot);
            Assert.All(entries, e => Assert.True(e.Age <= snapshot.SequenceNumber, e.ToString()));
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), await Entries.LiveAsync(loaded));
        var data = expected.Count(f => f.StartsWith("2025", StringComparison.Ordinal));
        Assert.Equal($"{data * 100}", metadata.CurrentSnapshot!.Summary[SummaryKeys.TotalRecords]);

        // And it goes on.
        await loaded.NewFastAppend().Add(TestTable.Month(2025, 9)).CommitAsync(TestTable.Cancel);
        Assert.Equal([.. expected.Append("2025-09-0").Order(StringComparer.Ordinal)], await Entries.LiveAsync(loaded));
    }
}
