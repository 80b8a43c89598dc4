using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;
using Step = PvLakehouse.Iceberg.Tests.Support.ScriptedCatalog.Step;

namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>A catalog that committed, lost the answer, and then fails in ways that no catalog should.</summary>
public sealed class UnknownOutcomeTests
{
    public static TheoryData<Exception> Failures =>
    [
        new ObjectDisposedException("connection"),
        new TaskCanceledException("The request timed out."),
        new TimeoutException("No answer."),
        new UnauthorizedAccessException("The password was changed."),
        new HttpRequestException("No route to host."),
        new NotSupportedException("The server speaks another version."),
    ];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Nothing_is_deleted_whatever_the_look_for_the_outcome_fails_by(Exception failure)
    {
        var (files, catalog, table) = await PrepareAsync();
        (catalog.Silence, catalog.SilenceLasts) = (() => failure, int.MaxValue);
        catalog.Script.Enqueue(Step.HappenAndGoSilent);

        var thrown = await Assert.ThrowsAsync<CommitStateUnknownException>(() =>
            table.NewAppend().Add(TestTable.File("b")).CommitAsync(TestTable.Cancel));

        Assert.NotNull(thrown.InnerException);
        catalog.SilentReads = 0;
        Assert.Equal(["a", "b"], await ReadAsync(catalog, files));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task The_commit_is_found_when_the_catalog_can_be_asked_again(Exception failure)
    {
        var (files, catalog, table) = await PrepareAsync();
        catalog.Silence = () => failure;
        catalog.Script.Enqueue(Step.HappenAndGoSilent);

        await table.NewAppend().Add(TestTable.File("b")).CommitAsync(TestTable.Cancel);

        Assert.Equal(["a", "b"], await ReadAsync(catalog, files));
        Assert.Equal(1, catalog.Swaps - 2);
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_says_nothing_about_the_outcome()
    {
        var (files, catalog, table) = await PrepareAsync();
        catalog.Loss = () => new TaskCanceledException("The request timed out.");
        catalog.Script.Enqueue(Step.HappenAndForget);
        await table.NewAppend().Add(TestTable.File("b")).CommitAsync(TestTable.Cancel);
        Assert.Equal(["a", "b"], await ReadAsync(catalog, files));

        var stored = files.Locations.Count;
        catalog.Script.Enqueue(Step.FailAndForget);
        await Assert.ThrowsAsync<CommitStateUnknownException>(() =>
            table.NewAppend().Add(TestTable.File("c")).CommitAsync(TestTable.Cancel));
        Assert.Equal(["a", "b"], await ReadAsync(catalog, files));
        Assert.Equal(stored + 3, files.Locations.Count);
    }

    [Fact]
    public async Task A_cancellation_that_was_asked_for_leaves_nothing()
    {
        var (files, catalog, table) = await PrepareAsync();
        var stored = files.Locations;
        using var patience = new CancellationTokenSource();
        catalog.Loss = () =>
        {
            patience.Cancel();
            return new OperationCanceledException(patience.Token);
        };
        catalog.Script.Enqueue(Step.FailAndForget);

        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            table.NewAppend().Add(TestTable.File("b")).CommitAsync(patience.Token));

        Assert.Equal(["a"], await ReadAsync(catalog, files));
        Assert.Equal(stored, files.Locations);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_commit_that_happened_does_not_fail_because_nothing_can_be_removed_after_it(Exception failure)
    {
        var files = new InMemoryFileIO();
        var table = await TestTable.CreateAsync(
            new Undeletable(files, failure),
            spec: PartitionSpec.Unpartitioned,
            context: new CommitContext(new InstantTime(), new IdSource(1)),
            properties: new(StringComparer.Ordinal)
            {
                ["write.metadata.delete-after-commit.enabled"] = "true",
                ["write.metadata.previous-versions-max"] = "1",
            });
        var other = await Entries.ReloadAsync(table);
        await other.NewAppend().Add(TestTable.File("a")).CommitAsync(TestTable.Cancel);
        await other.UpdateProperties().Set("a", "1").CommitAsync(TestTable.Cancel);

        // The table object is behind, so that a manifest list is left over; a metadata file leaves the log.
        await table.NewAppend().Add(TestTable.File("b")).CommitAsync(TestTable.Cancel);

        Assert.Equal(["a", "b"], await TestTable.FilesAsync((await Entries.ReloadAsync(table)).NewScan()));
        Assert.Equal(3, files.Locations.Count(l => l.Contains("/snap-", StringComparison.Ordinal)));
    }

    private static async Task<(InMemoryFileIO Files, ScriptedCatalog Catalog, Table Table)> PrepareAsync()
    {
        var files = new InMemoryFileIO();
        var catalog = new ScriptedCatalog(files, new CommitContext(new InstantTime(), new IdSource(1)));
        var table = await catalog.CreateTableAsync(
            TestTable.Name, new() { Schema = TestTable.Schema }, TestTable.Cancel);
        await table.NewAppend().Add(TestTable.File("a")).CommitAsync(TestTable.Cancel);
        return (files, catalog, table);
    }

    /// <summary>What a client reads that remembers no file.</summary>
    private static async Task<List<string>> ReadAsync(ScriptedCatalog catalog, InMemoryFileIO files)
    {
        var location = (await catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel)).MetadataLocation;
        var metadata = await new MetadataStore(files, CommitContext.System).ReadAsync(location, TestTable.Cancel);
        return await TestTable.FilesAsync(new Table(
            catalog, TestTable.Name, files, new TableState(metadata, location), CommitContext.System).NewScan());
    }

    /// <summary>Storage that removes nothing, and says so in ways that no storage should.</summary>
    private sealed class Undeletable(IFileIO inner, Exception failure) : ForwardingFileIO(inner)
    {
        public override Task DeleteAsync(string location, CancellationToken cancellationToken = default) => throw failure;

        public override Task DeleteManyAsync(
            IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) => throw failure;
    }
}
