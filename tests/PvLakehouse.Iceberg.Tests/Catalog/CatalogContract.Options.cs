using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Iceberg.Tests.Catalog;

/// <content>What a catalog decides for its tables: properties and locations.</content>
public abstract partial class CatalogContract
{
    [Theory]
    [InlineData("create")]
    [InlineData("create transaction")]
    [InlineData("replace transaction")]
    [InlineData("create or replace transaction")]
    public async Task Properties_of_the_catalog_stand_behind_or_before_those_of_the_maker(string how)
    {
        var catalog = await WithBronzeAsync(CatalogOptions.From(new Dictionary<string, string>
        {
            ["table-default.key1"] = "default 1",
            ["table-default.key2"] = "default 2",
            ["table-default.key3"] = "default 3",
            ["table-override.key3"] = "override 3",
            ["table-override.key4"] = "override 4",
            ["table-default.format-version"] = "2",
            ["uri"] = "not about tables",
        }));
        var creation = new TableCreation
        {
            Schema = Schema,
            Properties = new Dictionary<string, string> { ["key2"] = "own 2", ["key4"] = "own 4", ["key5"] = "own 5" },
        };
        switch (how)
        {
            case "create":
                await catalog.CreateTableAsync(Energy, creation, Cancel);
                break;
            case "create transaction":
                await (await catalog.NewCreateTransactionAsync(Energy, creation, Cancel)).CommitAsync(Cancel);
                break;
            case "replace transaction":
                await catalog.CreateTableAsync(Energy, new() { Schema = Wider }, Cancel);
                await (await catalog.NewReplaceTransactionAsync(Energy, creation, cancellationToken: Cancel)).CommitAsync(Cancel);
                break;
            default:
                await (await catalog.NewReplaceTransactionAsync(Energy, creation, orCreate: true, Cancel)).CommitAsync(Cancel);
                break;
        }

        // The codec is what the library sets when neither says anything.
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["key1"] = "default 1",
                ["key2"] = "own 2",
                ["key3"] = "override 3",
                ["key4"] = "override 4",
                ["key5"] = "own 5",
                ["write.parquet.compression-codec"] = "zstd",
            },
            (await catalog.LoadTableAsync(Energy, Cancel)).Metadata.Properties);
    }

    [Fact]
    public async Task Properties_of_the_catalog_are_checked_like_those_of_the_maker()
    {
        var codec = new Dictionary<string, string> { ["write.parquet.compression-codec"] = "snappy" };
        var version = new Dictionary<string, string> { ["format-version"] = "3" };
        var catalog = await WithBronzeAsync(new CatalogOptions { TableDefaults = codec, TableOverrides = version });
        await Assert.ThrowsAsync<ArgumentException>(() => catalog.CreateTableAsync(
            Energy,
            new() { Schema = Schema, Properties = new Dictionary<string, string> { ["format-version"] = "2" } },
            Cancel));
        Assert.Empty(await catalog.ListTablesAsync(Bronze, Cancel));
        if (CanBeOpenedTwice)
        {
            var other = await OpenAsync(new CatalogOptions { TableDefaults = codec });
            var table = await other.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
            Assert.Equal(codec, table.Metadata.Properties);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_table_that_takes_the_name_of_a_renamed_one_lies_elsewhere_if_the_catalog_says_so(bool unique)
    {
        var catalog = await WithBronzeAsync(CatalogOptions.From(
            new Dictionary<string, string> { ["unique-table-location"] = unique ? "true" : "false" }));
        var moved = new TableIdentifier(Bronze, "moved");
        var first = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await first.NewAppend().Add(await DataAsync(first, "a")).CommitAsync(Cancel);
        await catalog.RenameTableAsync(Energy, moved, Cancel);
        var second = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await second.NewAppend().Add(await DataAsync(second, "b")).CommitAsync(Cancel);

        Assert.Equal(unique, first.Metadata.Location != second.Metadata.Location);
        Assert.Matches(unique ? "/bronze/energy-[0-9a-f]{32}$" : "/bronze/energy$", second.Metadata.Location);
        await catalog.DropTableAsync(Energy, purge: true, Cancel);
        var kept = await catalog.LoadTableAsync(moved, Cancel);
        Assert.Equal(["a"], await FilesAsync(kept));
        await using (var file = await kept.Io.OpenReadAsync($"{first.Metadata.Location}/data/a", Cancel))
        {
            Assert.Equal(4, file.Length);
        }

        await AssertGoneAsync(kept, $"{second.Metadata.Location}/data/b");

        // Who names a location gets it as it is.
        var own = await catalog.CreateTableAsync(Energy, new() { Schema = Schema, Location = LocationOf("own") }, Cancel);
        Assert.Equal(LocationOf("own"), own.Metadata.Location);
    }
}
