using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Tests.Catalog;

/// <content>Tables: what the reference tests show beyond the first part.</content>
public abstract partial class CatalogContract
{
    [Theory]
    [InlineData("ta.ble")]
    [InlineData("tab/le")]
    [InlineData("..")]
    [InlineData("Energie für alle")]
    public async Task A_table_may_have_any_name(string name)
    {
        var catalog = await WithBronzeAsync();
        var identifier = new TableIdentifier(Bronze, name);
        var table = await catalog.CreateTableAsync(identifier, new() { Schema = Schema }, Cancel);
        await table.NewAppend().Add(await DataAsync(table, "a")).CommitAsync(Cancel);
        Assert.Equal([identifier], await catalog.ListTablesAsync(Bronze, Cancel));
        Assert.Equal(["a"], await FilesAsync(await catalog.LoadTableAsync(identifier, Cancel)));
        var plain = new TableIdentifier(Bronze, "plain");
        await catalog.RenameTableAsync(identifier, plain, Cancel);
        await catalog.RenameTableAsync(plain, identifier, Cancel);
        await catalog.DropTableAsync(identifier, Cancel);
        Assert.False(await catalog.TableExistsAsync(identifier, Cancel));
    }

    [Fact]
    public async Task A_table_lies_where_its_maker_says()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema, Location = LocationOf("mine") + "/" }, Cancel);
        Assert.Equal(LocationOf("mine"), table.Metadata.Location);
        Assert.StartsWith($"{LocationOf("mine")}/metadata/00000-", table.MetadataLocation, StringComparison.Ordinal);
        await catalog.RenameTableAsync(Energy, new(Bronze, "power"), Cancel);
        Assert.Equal(LocationOf("mine"), (await catalog.LoadTableAsync(new(Bronze, "power"), Cancel)).Metadata.Location);
    }

    [Fact]
    public async Task Columns_that_version_2_cannot_hold_are_refused()
    {
        var catalog = await WithBronzeAsync();
        var variant = NestedField.Optional(3, "v", IcebergType.Variant);
        var refused = await Assert.ThrowsAsync<ArgumentException>(() =>
            catalog.CreateTableAsync(Energy, new() { Schema = new Schema([.. Schema.Columns, variant]) }, Cancel));
        Assert.StartsWith(
            "Column 'v' has type variant, which needs format version 3", refused.Message, StringComparison.Ordinal);
        Assert.False(await catalog.TableExistsAsync(Energy, Cancel));
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        Assert.Throws<ArgumentException>(() => table.UpdateSchema().AddColumn("v", IcebergType.Variant));
        await RefusedAsync(catalog, table, variant, "type variant");
        Assert.Equal(["id", "data"], (await catalog.LoadTableAsync(Energy, Cancel)).Schema.Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task Columns_with_default_values_need_version_3_so_that_they_are_refused()
    {
        var catalog = await WithBronzeAsync();
        var column = NestedField.Optional(3, "n", IcebergType.Int);
        NestedField[] columns =
        [
            column with { InitialDefault = Literal.Int(12) },
            column with { WriteDefault = Literal.Int(10) },
            NestedField.Optional(3, "s", new StructType([column with { Id = 4, InitialDefault = Literal.Int(1) }])),
            NestedField.Optional(3, "s", new StructType([column with { Id = 4 }])) with { NestedInitialDefault = "{}" },
            NestedField.Optional(3, "s", new StructType([column with { Id = 4 }])) with { NestedWriteDefault = "{}" },
        ];
        foreach (var with in columns)
        {
            var creation = new TableCreation { Schema = new Schema([.. Schema.Columns, with]) };
            await Assert.ThrowsAsync<ArgumentException>(() => catalog.CreateTableAsync(Energy, creation, Cancel));
            await Assert.ThrowsAsync<ArgumentException>(() => catalog.NewCreateTransactionAsync(Energy, creation, Cancel));
        }

        Assert.False(await catalog.TableExistsAsync(Energy, Cancel));
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await RefusedAsync(catalog, table, columns[0], "an initial default");
        await RefusedAsync(catalog, table, columns[1], "a write default");
        await RefusedAsync(catalog, table, columns[2], "Column 's.n' has an initial default");
        await RefusedAsync(catalog, table, columns[3], "Column 's' has an initial default");
        await RefusedAsync(catalog, table, columns[4], "Column 's' has a write default");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public async Task Tables_of_other_versions_than_2_are_not_made(string version)
    {
        var catalog = await WithBronzeAsync();
        var creation = new TableCreation
        {
            Schema = Schema,
            Properties = new Dictionary<string, string> { ["format-version"] = version },
        };
        await Assert.ThrowsAsync<ArgumentException>(() => catalog.CreateTableAsync(Energy, creation, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => catalog.NewCreateTransactionAsync(Energy, creation, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => catalog.NewReplaceTransactionAsync(Energy, creation, orCreate: true, Cancel));
        Assert.False(await catalog.TableExistsAsync(Energy, Cancel));
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await Assert.ThrowsAsync<ArgumentException>(() =>
            catalog.NewReplaceTransactionAsync(Energy, creation, cancellationToken: Cancel));
        Assert.Equal(table.MetadataLocation, (await catalog.LoadTableAsync(Energy, Cancel)).MetadataLocation);
    }

    [Fact]
    public async Task A_table_whose_metadata_file_is_gone_is_reported_with_the_name_of_the_file()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await table.Io.DeleteAsync(table.MetadataLocation, Cancel);
        if (!CanBeOpenedTwice)
        {
            return;
        }

        var again = await OpenAsync();
        var failure = await Record.ExceptionAsync(() => again.LoadTableAsync(Energy, Cancel));

        // A store may hide what is missing from who may not list: it is then a failure to read.
        Assert.True(failure is IcebergFormatException or IOException, $"{failure}");
        Assert.Contains(table.MetadataLocation, failure.Message, StringComparison.Ordinal);
        Assert.True(await again.TableExistsAsync(Energy, Cancel));
    }

    [Fact]
    public async Task Dropping_a_table_whose_name_was_another_tables_leaves_the_other_whole()
    {
        var catalog = await WithBronzeAsync();
        var moved = new TableIdentifier(Bronze, "moved");
        var first = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await first.NewAppend().Add(await DataAsync(first, "a")).CommitAsync(Cancel);
        await catalog.RenameTableAsync(Energy, moved, Cancel);
        var second = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await second.NewAppend().Add(await DataAsync(second, "b")).CommitAsync(Cancel);

        await catalog.DropTableAsync(Energy, purge: true, Cancel);

        var kept = await catalog.LoadTableAsync(moved, Cancel);
        Assert.Equal(["a"], await FilesAsync(kept));
        await using var file = await kept.Io.OpenReadAsync($"{kept.Metadata.Location}/data/a", Cancel);
        Assert.Equal(4, file.Length);
        await kept.NewAppend().Add(await DataAsync(kept, "c")).CommitAsync(Cancel);
        Assert.Equal(["a", "c"], await FilesAsync(kept));
    }

    [Fact]
    public async Task A_commit_meant_for_a_table_never_goes_to_another_of_its_name()
    {
        var catalog = await WithBronzeAsync();
        var old = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await catalog.DropTableAsync(Energy, Cancel);
        var fresh = await catalog.CreateTableAsync(Energy, new() { Schema = Schema, Location = LocationOf("fresh") }, Cancel);
        var append = old.NewAppend().Add(await DataAsync(old, "a"));
        Assert.IsAssignableFrom<IcebergException>(await Record.ExceptionAsync(() => append.CommitAsync(Cancel)));
        Assert.IsAssignableFrom<IcebergException>(
            await Record.ExceptionAsync(() => old.UpdateProperties().Set("owner", "ann").CommitAsync(Cancel)));
        Assert.Equal(fresh.MetadataLocation, (await catalog.LoadTableAsync(Energy, Cancel)).MetadataLocation);
    }

    [Fact]
    public async Task Metadata_files_beyond_the_log_are_removed_after_the_commit_if_the_table_says_so()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(
            Energy,
            new()
            {
                Schema = Schema,
                Properties = new Dictionary<string, string>
                {
                    ["write.metadata.previous-versions-max"] = "2",
                    ["write.metadata.delete-after-commit.enabled"] = "true",
                },
            },
            Cancel);
        var files = new List<string> { table.MetadataLocation };
        for (var i = 0; i < 4; i++)
        {
            await table.NewAppend().Add(await DataAsync(table, $"{i}")).CommitAsync(Cancel);
            files.Add(table.MetadataLocation);
        }

        // Five were written; the current one and the two of the log stay.
        Assert.Equal(files[2..4], table.Metadata.MetadataLog.Select(e => e.MetadataFile));
        foreach (var kept in files[2..])
        {
            await using var stream = await table.Io.OpenReadAsync(kept, Cancel);
            Assert.True(stream.Length > 0);
        }

        foreach (var removed in files[..2])
        {
            await AssertGoneAsync(table, removed);
        }
    }

    /// <summary>Whether a catalog that is opened again knows what the first made.</summary>
    protected virtual bool CanBeOpenedTwice => true;

    /// <summary>A client that sends updates of its own is refused as well, and the table stays as it is.</summary>
    private static async Task RefusedAsync(ICatalog catalog, Table table, NestedField column, string what)
    {
        var updates = new TableUpdate[]
        {
            new TableUpdate.AddSchema(new Schema([.. table.Schema.Columns, column])),
            new TableUpdate.SetCurrentSchema(TableUpdate.LastAdded),
        };
        var refused = await Assert.ThrowsAsync<IcebergException>(() =>
            catalog.CommitTableAsync(table.Identifier, TableRequirements.For(table.Metadata, updates), updates, Cancel));
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
        Assert.Equal(table.MetadataLocation, (await catalog.LoadTableAsync(table.Identifier, Cancel)).MetadataLocation);
    }

    /// <summary>A file that is not there cannot be read; whether it is there is not told to everybody.</summary>
    private static async Task AssertGoneAsync(WritableTable table, string location) =>
        await Assert.ThrowsAnyAsync<IOException>(() => table.Io.OpenReadAsync(location, Cancel));

    /// <summary>A file of four bytes that stands for a data file of the table.</summary>
    private static async Task<DataFile> DataAsync(WritableTable table, string name)
    {
        var location = $"{table.Metadata.Location}/data/{name}";
        await using var file = await table.Io.CreateAsync(location, Cancel);
        await file.Content.WriteAsync("PAR1"u8.ToArray(), Cancel);
        await file.CompleteAsync(Cancel);
        return new DataFile { FilePath = location, RecordCount = 1, FileSizeInBytes = 4 };
    }

    private static async Task<List<string>> FilesAsync(WritableTable table)
    {
        var names = new List<string>();
        await foreach (var task in table.NewScan().PlanFilesAsync(Cancel))
        {
            names.Add(task.File.FilePath[(task.File.FilePath.LastIndexOf('/') + 1)..]);
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
