using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Catalog;

/// <summary>What is told when it is not clear, or too late, whether a table was taken in or made.</summary>
public sealed class RegisterOutcomeTests
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
