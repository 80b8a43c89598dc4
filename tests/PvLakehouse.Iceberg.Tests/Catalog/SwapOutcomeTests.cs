using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Catalog;

/// <summary>What is told when it is not clear, or too late, whether a table was taken in, made or changed.</summary>
public sealed class SwapOutcomeTests
{
    private readonly InMemoryFileIO _files = new();

    [Theory]
    [InlineData(ScriptedCatalog.Step.Lose, typeof(AlreadyExistsException))]
    [InlineData(ScriptedCatalog.Step.FailAndForget, typeof(CommitStateUnknownException))]
    [InlineData(ScriptedCatalog.Step.HappenAndForget, null)]
    public async Task Of_a_table_that_is_registered(object step, Type? failure)
    {
        var old = await new ScriptedCatalog(_files, TestTable.Seeded()).CreateTableAsync(
            TestTable.Name, new() { Schema = TestTable.Schema }, TestTable.Cancel);
        var catalog = new ScriptedCatalog(_files, TestTable.Seeded());
        catalog.Script.Enqueue((ScriptedCatalog.Step)step);

        var thrown = await Record.ExceptionAsync(() =>
            catalog.RegisterTableAsync(TestTable.Name, old.MetadataLocation, TestTable.Cancel));

        Assert.Equal(failure, thrown?.GetType());
        Assert.Equal(failure is null, await catalog.TableExistsAsync(TestTable.Name, TestTable.Cancel));

        // The file is that of somebody else: it stays, whatever happened.
        Assert.True(await _files.ExistsAsync(old.MetadataLocation, TestTable.Cancel));
    }

    [Fact]
    public async Task Of_a_change_on_which_another_was_made_before_anybody_could_look()
    {
        var catalog = new ScriptedCatalog(_files, TestTable.Seeded());
        var table = await catalog.CreateTableAsync(TestTable.Name, new() { Schema = TestTable.Schema }, TestTable.Cancel);
        var other = await catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);
        catalog.Script.Enqueue(ScriptedCatalog.Step.HappenAndForget);
        catalog.AfterSwap = () => other.UpdateProperties().Set("second", "2").CommitAsync(TestTable.Cancel);

        var outcome = await catalog.CommitTableAsync(
            TestTable.Name, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["first"] = "1" })], TestTable.Cancel);

        // Its file is not the current one, but it is in the log of that: so it happened.
        var done = Assert.IsType<CommitOutcome.Committed>(outcome);
        await table.RefreshAsync(TestTable.Cancel);
        Assert.Equal(("1", "2"), (table.Metadata.Properties["first"], table.Metadata.Properties["second"]));
        Assert.Equal(done.MetadataLocation, table.Metadata.MetadataLog[^1].MetadataFile);
        Assert.DoesNotContain("second", done.Metadata.Properties.Keys);
    }

    [Theory]
    [InlineData(ScriptedCatalog.Step.Lose, typeof(AlreadyExistsException), 0)]
    [InlineData(ScriptedCatalog.Step.FailAndForget, typeof(CommitStateUnknownException), 1)]
    [InlineData(ScriptedCatalog.Step.HappenAndForget, null, 1)]
    [InlineData(ScriptedCatalog.Step.Refuse, typeof(IcebergException), 0)]
    public async Task Of_a_table_that_is_made(object step, Type? failure, int files)
    {
        var catalog = new ScriptedCatalog(_files, TestTable.Seeded());
        catalog.Script.Enqueue((ScriptedCatalog.Step)step);

        var thrown = await Record.ExceptionAsync(() =>
            catalog.CreateTableAsync(TestTable.Name, new() { Schema = TestTable.Schema }, TestTable.Cancel));

        // A metadata file goes when it certainly leads nowhere.
        Assert.Equal(failure, thrown?.GetType());
        Assert.Equal(files, _files.Locations.Count);
    }
}
