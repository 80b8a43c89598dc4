using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Tests.Models;

namespace PvLakehouse.Pipeline.Tests.Runs;

public sealed class TableEvolutionTests : IAsyncLifetime
{
    private static readonly TableContract Old = Contract(
        ColumnContract.Required("code", "string", "The code."),
        ColumnContract.Required("power", "int", "The power.", "MW"),
        ColumnContract.Required("colour", "string", "The colour."));

    private static readonly TableContract New = Contract(
        ColumnContract.Required("code", "string", "The code."),
        ColumnContract.Required("height", "double", "The height.", "m"),
        ColumnContract.Optional("power", "long", "The power at the grid.", "MW"));

    private readonly TestLake _lake = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _lake.InitializeAsync();

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task New_columns_come_old_ones_stay_deprecated_and_no_row_is_touched()
    {
        await FillAsync();
        var before = (await _lake.Lake.Tables.FindAsync(Old, Token))!.CurrentSnapshot!.SnapshotId;

        var table = await _lake.Lake.Tables.EnsureAsync(New, Token);

        Assert.Equal(before, table.CurrentSnapshot!.SnapshotId);
        Assert.Equal(
            [
                "code string required: The code.",
                "power long: The power at the grid. [MW]",
                "colour string: Deprecated: The colour.",
                "height double: The height. [m]",
            ],
            table.Schema.Columns.Select(column => $"{column.Name} {column.Type}{(column.Required ? " required" : "")}: {column.Doc}"));
        Assert.Equal(["A 5 red null"], await _lake.RowsAsync("SELECT code, power, colour, height FROM iceberg.ops.things"));
    }

    [Fact]
    public async Task Opening_again_changes_nothing()
    {
        await FillAsync();
        await _lake.Lake.Tables.EnsureAsync(New, Token);
        var location = (await _lake.Lake.Tables.FindAsync(New, Token))!.MetadataLocation;

        await _lake.Lake.Tables.EnsureAsync(New, Token);

        Assert.Equal(location, (await _lake.Lake.Tables.FindAsync(New, Token))!.MetadataLocation);
    }

    [Fact]
    public async Task A_merge_fills_new_columns_and_leaves_deprecated_values_alone()
    {
        await FillAsync();
        var table = await _lake.Lake.Tables.EnsureAsync(New, Token);

        await using var session = await _lake.Lake.Engine.OpenSessionAsync(Token);
        var outcome = await session.MergeAsync(
            New.Identifier, "SELECT 'A' AS code, 2.5 AS height, 5 AS power UNION ALL SELECT 'B', 3.5, 6",
            ModelRunner.Merge(table, New, new WriteOptions()), Token);

        Assert.Equal((1, 1), (outcome.RowsInserted, outcome.RowsUpdated));
        Assert.Equal(
            ["A 5 red 2.5", "B 6 null 3.5"],
            await _lake.RowsAsync("SELECT code, power, colour, height FROM iceberg.ops.things ORDER BY 1"));
    }

    [Fact]
    public async Task A_type_that_cannot_be_widened_is_refused_and_nothing_changes()
    {
        await FillAsync();
        var narrower = Contract(
            ColumnContract.Required("code", "string", "The code."), ColumnContract.Required("power", "string", "The power."));

        var fault = await Assert.ThrowsAsync<PipelineException>(() => _lake.Lake.Tables.EnsureAsync(narrower, Token));

        Assert.Contains("ops.things holds power as int, and this version writes string", fault.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await _lake.Lake.Tables.FindAsync(Old, Token))!.Schema.Columns.Count);
    }

    [Fact]
    public async Task A_column_can_be_deprecated_while_it_is_still_written()
    {
        await FillAsync();
        var contract = Contract([.. Old.Columns.Take(2), Old.Columns[2].AsDeprecated()]);

        var table = await _lake.Lake.Tables.EnsureAsync(contract, Token);

        Assert.Equal(("Deprecated: The colour.", false), (table.Schema.Columns[2].Doc, table.Schema.Columns[2].Required));
    }

    private static TableContract Contract(params ColumnContract[] columns) =>
        new() { Layer = "ops", Name = "things", Grain = "One thing.", Columns = columns, Key = ["code"] };

    private async Task FillAsync()
    {
        await _lake.Lake.Tables.EnsureAsync(Old, Token);
        await using var session = await _lake.Lake.Engine.OpenSessionAsync(Token);
        await session.AppendAsync(Old.Identifier, "SELECT 'A' AS code, 5 AS power, 'red' AS colour", WriteOptions.Default, Token);
    }
}
