using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>
/// What a commit to several tables must keep to on every catalog: all tables move or none does, also when another
/// writer comes in the last moment.
/// </summary>
public abstract class MultiTableAtomicityContract
{
    private static readonly Namespace Bronze = new("bronze");

    /// <summary>In an order in which neither the first nor the last is the one that others change.</summary>
    private static readonly TableIdentifier[] Names =
        [.. new[] { "a", "m", "z" }.Select(name => new TableIdentifier(Bronze, name))];

    private static readonly Schema Schema = new([NestedField.Mandatory(1, "id", IcebergType.Long)]);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens a client of one and the same catalog.</summary>
    /// <param name="around">Put around the storage of the client.</param>
    protected abstract Task<ICatalog> OpenAsync(Func<IFileIO, IFileIO> around);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_table_that_changed_right_before_the_swap_keeps_all_others_from_moving(int changed)
    {
        HookedFileIO? hooks = null;
        var tables = await PrepareAsync(io => hooks = new HookedFileIO(io));
        var before = await LocationsAsync();
        var other = await (await OpenAsync(io => io)).LoadTableAsync(Names[changed], Cancel);

        // The metadata files are written after all requirements were checked, and before the swap.
        hooks!.BeforeCreate = () => other.UpdateProperties().Set("who", "other").CommitAsync(Cancel);
        var outcome = await tables[0].Catalog.CommitTablesAsync(
            [.. tables.Select((t, i) => new TableCommit(t.Identifier, [Unchanged(t)], [Set("who", $"me {i}")]))],
            Cancel);

        var after = await LocationsAsync();
        Assert.IsType<TablesCommitOutcome.Committed>(outcome);
        for (var i = 0; i < Names.Length; i++)
        {
            // One commit each on what was there: the lost swap left no trace in any history.
            var table = await (await OpenAsync(io => io)).LoadTableAsync(Names[i], Cancel);
            string[] history = i == changed ? [before[i]!, other.MetadataLocation] : [before[i]!];
            Assert.Equal(history, table.Metadata.MetadataLog.Select(e => e.MetadataFile));
            Assert.Equal(
                history.Append(table.MetadataLocation).Order(StringComparer.Ordinal), await MetadataAsync(table));
            Assert.Equal($"me {i}", table.Metadata.Properties["who"]);
            Assert.NotEqual(before[i], after[i]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_table_that_may_not_change_any_more_leaves_all_others_as_they_were(int changed)
    {
        HookedFileIO? hooks = null;
        var tables = await PrepareAsync(io => hooks = new HookedFileIO(io));
        var before = await LocationsAsync();
        var other = await (await OpenAsync(io => io)).LoadTableAsync(Names[changed], Cancel);
        hooks!.BeforeCreate = () => other.UpdateSchema().AddColumn("n", IcebergType.Int).CommitAsync(Cancel);

        var outcome = await tables[0].Catalog.CommitTablesAsync(
            [.. tables.Select(t => new TableCommit(t.Identifier, [Unchanged(t)], [Set("who", "me")]))], Cancel);

        Assert.Contains(
            Names[changed].ToString(),
            Assert.IsType<TablesCommitOutcome.Conflict>(outcome).Reason,
            StringComparison.Ordinal);
        before[changed] = other.MetadataLocation;
        Assert.Equal(before, await LocationsAsync());
        await UnbrokenAsync();
    }

    [Fact]
    public async Task A_table_that_was_dropped_right_before_the_swap_leaves_all_others_as_they_were()
    {
        HookedFileIO? hooks = null;
        var tables = await PrepareAsync(io => hooks = new HookedFileIO(io));
        var before = await LocationsAsync();
        var other = await OpenAsync(io => io);
        hooks!.BeforeCreate = () => other.DropTableAsync(Names[1], Cancel);

        await Assert.ThrowsAsync<NoSuchTableException>(() => tables[0].Catalog.CommitTablesAsync(
            [.. tables.Select(t => new TableCommit(t.Identifier, [Unchanged(t)], [Set("who", "me")]))], Cancel));

        var after = await LocationsAsync();
        Assert.Equal((before[0], null, before[2]), (after[0], after[1], after[2]));
    }

    [Fact]
    public async Task Tables_are_made_together_or_not_at_all()
    {
        HookedFileIO? hooks = null;
        var catalog = await OpenAsync(io => hooks = new HookedFileIO(io));
        await catalog.CreateNamespaceAsync(Bronze, cancellationToken: Cancel);
        var other = await OpenAsync(io => io);
        Table? made = null;
        hooks!.BeforeCreate = async () =>
            made = await other.CreateTableAsync(Names[1], new() { Schema = Schema }, Cancel);
        TableCommit Create(TableIdentifier name) => new(
            name, [new TableRequirement.AssertCreate()], New($"{Root}/{name.Name}"));

        Assert.IsType<TablesCommitOutcome.Conflict>(await catalog.CommitTablesAsync([.. Names.Select(Create)], Cancel));
        var found = await LocationsAsync();
        Assert.Equal((null, made!.MetadataLocation, null), (found[0], found[1], found[2]));

        await catalog.DropTableAsync(Names[1], Cancel);
        Assert.IsType<TablesCommitOutcome.Committed>(
            await catalog.CommitTablesAsync([.. Names.Select(Create)], Cancel));
        Assert.All(await LocationsAsync(), Assert.NotNull);
        await UnbrokenAsync();
    }

    [Fact]
    public async Task Who_reads_one_table_after_the_other_never_sees_the_later_one_behind()
    {
        var tables = await PrepareAsync(io => io);
        var writer = await OpenAsync(io => io);
        const int Commits = 40;
        var writing = Task.Run(
            async () =>
            {
                for (var i = 1; i <= Commits; i++)
                {
                    var update = Set("n", $"{i}");
                    Assert.IsType<TablesCommitOutcome.Committed>(await writer.CommitTablesAsync(
                        [new TableCommit(Names[0], [], [update]), new TableCommit(Names[2], [], [update])], Cancel));
                }
            },
            Cancel);
        var reader = await OpenAsync(io => io);
        for (var (seen, first) = (0, 0); seen < Commits && !writing.IsFaulted; first = 2 - first)
        {
            seen = await NumberAsync(reader, Names[first]);
            Assert.True(await NumberAsync(reader, Names[2 - first]) >= seen, $"The other table was behind {seen}.");
        }

        await writing;
        Assert.Equal(3, tables.Count);
    }

    /// <summary>Where tables lie that name a location.</summary>
    protected abstract string Root { get; }

    private static async Task<int> NumberAsync(ICatalog catalog, TableIdentifier name) =>
        int.Parse(
            (await catalog.LoadTableAsync(name, Cancel)).Metadata.Properties.GetValueOrDefault("n", "0"),
            System.Globalization.CultureInfo.InvariantCulture);

    private static IReadOnlyList<TableUpdate> New(string location) => TableMetadataBuilder.ForNewTable()
        .AssignUuid(Guid.NewGuid()).UpgradeFormatVersion(2).SetLocation(location).AddSchema(Schema).SetCurrentSchema()
        .AddSpec(PartitionSpec.Unpartitioned).SetDefaultSpec().AddSortOrder(SortOrder.Unsorted).SetDefaultSortOrder()
        .Changes;

    private static TableRequirement.AssertLastAssignedFieldId Unchanged(Table table) =>
        new(table.Metadata.LastColumnId);

    private static TableUpdate.SetProperties Set(string key, string value) =>
        new(new Dictionary<string, string>(StringComparer.Ordinal) { [key] = value });

    private async Task<List<Table>> PrepareAsync(Func<IFileIO, IFileIO> around)
    {
        var catalog = await OpenAsync(around);
        await catalog.CreateNamespaceAsync(Bronze, cancellationToken: Cancel);
        var tables = new List<Table>();
        foreach (var name in Names)
        {
            tables.Add(await catalog.CreateTableAsync(name, new() { Schema = Schema }, Cancel));
        }

        return tables;
    }

    /// <summary>The current metadata files as another client sees them; null where there is no table.</summary>
    private async Task<string?[]> LocationsAsync()
    {
        var catalog = await OpenAsync(io => io);
        var locations = new List<string?>();
        foreach (var name in Names)
        {
            locations.Add(await catalog.TableExistsAsync(name, Cancel)
                ? (await catalog.LoadTableAsync(name, Cancel)).MetadataLocation
                : null);
        }

        return [.. locations];
    }

    /// <summary>All tables can be written to by a client that remembers nothing.</summary>
    private async Task UnbrokenAsync()
    {
        var catalog = await OpenAsync(io => io);
        foreach (var name in Names)
        {
            var table = await catalog.LoadTableAsync(name, Cancel);
            await table.NewAppend()
                .Add(new DataFile { FilePath = await DataAsync(table), RecordCount = 1, FileSizeInBytes = 4 })
                .CommitAsync(Cancel);
            Assert.Equal("1", table.CurrentSnapshot!.Summary[SummaryKeys.TotalRecords]);
        }
    }

    /// <summary>The metadata files that there are.</summary>
    private static async Task<List<string>> MetadataAsync(Table table)
    {
        var files = await table.Io.ListAsync(table.Locations.MetadataRoot, Cancel).ToListAsync(Cancel);
        return [.. files.Select(f => f.Location).Order(StringComparer.Ordinal)];
    }

    private static async Task<string> DataAsync(Table table)
    {
        var path = $"{table.Locations.DataRoot}/rows";
        await using var file = await table.Io.CreateAsync(path, Cancel);
        await file.Content.WriteAsync("rows"u8.ToArray(), Cancel);
        await file.CompleteAsync(Cancel);
        return path;
    }
}
