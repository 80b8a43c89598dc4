using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Tests.Support;
using Step = PvLakehouse.Iceberg.Tests.Support.ScriptedCatalog.Step;

namespace PvLakehouse.Iceberg.Tests.Commit;

public sealed class TransactionTests
{
    private readonly InMemoryFileIO _io = new();

    [Fact]
    public async Task A_repeated_transaction_writes_only_manifest_lists_anew()
    {
        var table = await MonthsAsync(1, 2);
        var other = await LoadAsync(table);
        await using var transaction = table.NewTransaction();
        await transaction.NewAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);
        await transaction.NewOverwrite().Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1)).CommitAsync(TestTable.Cancel);
        var staged = Manifests();
        await other.NewAppend().Add(TestTable.Month(2025, 4)).CommitAsync(TestTable.Cancel);
        var before = _io.Locations;

        await transaction.CommitAsync(TestTable.Cancel);

        // New: two lists and a metadata file. Gone: the lists of the first attempt.
        var names = _io.Locations.Except(before).Select(Name).ToList();
        Assert.Equal((2, 1, 3), (names.Count(n => n.StartsWith("snap-", StringComparison.Ordinal)), names.Count(n => n.EndsWith(".json", StringComparison.Ordinal)), names.Count));
        Assert.Equal(2, before.Except(_io.Locations).Count(l => Name(l).StartsWith("snap-", StringComparison.Ordinal)));
        Assert.Empty(staged.Except(_io.Locations));
        Assert.Equal(["2025-01-1", "2025-02-0", "2025-03-0", "2025-04-0"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task Files_of_the_transaction_get_their_age_from_the_attempt_that_is_committed()
    {
        var table = await MonthsAsync(1);
        var other = await LoadAsync(table);
        await using var transaction = table.NewTransaction();
        await transaction.NewAppend().AddRange([TestTable.Month(2025, 2), TestTable.Month(2025, 3)]).CommitAsync(TestTable.Cancel);

        // Writes the manifest of the append anew, in which file 3 was of sequence number 2 at first.
        await transaction.NewOverwrite().Remove(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        await other.NewAppend().Add(TestTable.Month(2025, 4)).CommitAsync(TestTable.Cancel);
        await transaction.CommitAsync(TestTable.Cancel);

        var ages = new Dictionary<string, long>();
        await foreach (var task in table.NewScan().PlanFilesAsync(TestTable.Cancel))
        {
            ages[Path.GetFileNameWithoutExtension(task.File.FilePath)] = task.SequenceNumber;
        }

        Assert.Equal(new Dictionary<string, long> { ["2025-01-0"] = 1, ["2025-04-0"] = 2, ["2025-03-0"] = 3 }, ages);
    }

    [Fact]
    public async Task Validations_are_repeated_and_a_conflict_leaves_nothing_behind()
    {
        var table = await MonthsAsync(1, 2);
        var other = await LoadAsync(table);
        await using var transaction = table.NewTransaction();
        await transaction.NewAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);

        // Based on what the transaction itself has done: that is no conflict.
        await transaction.NewOverwrite().Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1))
            .ValidateFrom(transaction.CurrentSnapshot!.SnapshotId).CommitAsync(TestTable.Cancel);
        var staged = _io.Locations;
        await other.NewAppend().Add(TestTable.Month(2025, 4)).CommitAsync(TestTable.Cancel);
        var made = _io.Locations.Except(staged).ToList();

        var failure = await Assert.ThrowsAsync<CommitConflictException>(() => transaction.CommitAsync(TestTable.Cancel));
        Assert.Contains("2025-04-0", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["2025-01-0", "2025-02-0", "2025-04-0"], await TestTable.FilesAsync((await LoadAsync(table)).NewScan()));

        // Metadata, list and manifest of the table's making, its first commit and the other's.
        Assert.Equal(3, made.Count);
        Assert.Equal(7, _io.Locations.Count);
    }

    [Fact]
    public async Task Work_based_on_the_state_before_the_transaction_conflicts_with_its_earlier_operations()
    {
        var table = await MonthsAsync(1);
        var start = table.CurrentSnapshot!.SnapshotId;
        await using var transaction = table.NewTransaction();
        await transaction.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        await Assert.ThrowsAsync<CommitConflictException>(() =>
            transaction.NewOverwrite().Remove(TestTable.Month(2025, 1)).ValidateFrom(start).CommitAsync(TestTable.Cancel));

        // The operation failed, not the transaction.
        await transaction.CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-01-0", "2025-02-0"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task A_transaction_that_is_given_up_removes_what_it_wrote()
    {
        var table = await MonthsAsync(1);
        var before = _io.Locations;
        await using (var transaction = table.NewTransaction())
        {
            await transaction.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
            await transaction.NewOverwrite().Remove(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
            Assert.NotEqual(before, _io.Locations);
        }

        Assert.Equal(before, _io.Locations);
        Assert.Equal(["2025-01-0"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Theory]
    [InlineData(Step.HappenAndForget, true)]
    [InlineData(Step.HappenAndGoSilent, true)]
    [InlineData(Step.FailAndForget, false)]
    public async Task An_unknown_outcome_is_looked_up_and_never_deletes(object step, bool happened)
    {
        var catalog = new ScriptedCatalog(_io, new CommitContext(new InstantTime(), new IdSource(7)));
        var table = await catalog.CreateTableAsync(
            TestTable.Name, new() { Schema = TestTable.Schema, Spec = TestTable.ByMonth }, TestTable.Cancel);
        await using var transaction = table.NewTransaction();
        await transaction.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await transaction.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        var staged = _io.Locations;
        catalog.Script.Enqueue((Step)step);

        if (happened)
        {
            await transaction.CommitAsync(TestTable.Cancel);
            Assert.Equal(["2025-01-0", "2025-02-0"], await TestTable.FilesAsync(table.NewScan()));
        }
        else
        {
            await Assert.ThrowsAsync<CommitStateUnknownException>(() => transaction.CommitAsync(TestTable.Cancel));
        }

        // One metadata file more, nothing less.
        Assert.Empty(staged.Except(_io.Locations));
        Assert.Equal(staged.Count + 1, _io.Locations.Count);
    }

    [Fact]
    public async Task A_table_that_changes_while_metadata_of_several_is_written_is_noticed()
    {
        var io = new HookedFileIO(_io);
        var catalog = new InMemoryCatalog("mem:/warehouse", io, context: new CommitContext(new InstantTime(), new IdSource(9)));
        await catalog.CreateNamespaceAsync(TestTable.Name.Namespace, cancellationToken: TestTable.Cancel);
        var creation = new TableCreation { Schema = TestTable.Schema, Spec = TestTable.ByMonth };
        var energy = await catalog.CreateTableAsync(TestTable.Name, creation, TestTable.Cancel);
        var weather = await catalog.CreateTableAsync(TableIdentifier.Parse("silver.weather"), creation, TestTable.Cancel);
        await using var transaction = catalog.NewMultiTableTransaction();
        await transaction.On(energy).NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await transaction.On(weather).NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        var other = await catalog.LoadTableAsync(weather.Identifier, TestTable.Cancel);

        // Both tables hold what is required by then; only the swap itself can see it.
        io.BeforeCreate = () => other.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        await transaction.CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-01-0"], await TestTable.FilesAsync(energy.NewScan()));
        Assert.Equal(["2025-01-0", "2025-02-0"], await TestTable.FilesAsync(weather.NewScan()));
    }

    private static string Name(string location) => location.Split('/')[^1];

    private static Task<Table> LoadAsync(Table table) => table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);

    private List<string> Manifests() => [.. _io.Locations.Where(l => l.EndsWith(".avro", StringComparison.Ordinal) && !Name(l).StartsWith("snap-", StringComparison.Ordinal))];

    private async Task<Table> MonthsAsync(params int[] months)
    {
        var table = await TestTable.CreateAsync(_io, context: new CommitContext(new InstantTime(), new IdSource(42)));
        await table.NewAppend().AddRange(months.Select(m => TestTable.Month(2025, m))).CommitAsync(TestTable.Cancel);
        return table;
    }
}
