using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Maintenance;

public sealed class RemoveOrphanFilesTests
{
    [Fact]
    public async Task Only_old_files_that_nothing_leads_to_are_removed()
    {
        var lake = await Warehouse.CreateAsync();
        await lake.AppendAsync("a");
        await lake.ReplaceAsync("a", "b");
        await lake.AppendAsync("x", "audit");
        var live = lake.Files.Locations;
        string[] orphans = ["data/lost", "data/year=2026/lost", "data/_year=2026/lost", "metadata/snap-1",
            "data/.writing-17/0", "lost"];
        string[] hidden = ["data/.hidden/x", "data/_temporary/x", "_SUCCESS", "data/.lost.crc"];
        foreach (var name in orphans.Concat(hidden))
        {
            await lake.PutAsync($"{lake.Table.Metadata.Location}/{name}");
        }

        lake.Days(3.5);
        await lake.PutAsync($"{lake.Table.Metadata.Location}/data/young");

        var plan = await lake.Table.RemoveOrphanFiles().PlanAsync(TestTable.Cancel);
        Assert.Equal(live.Count + orphans.Length + hidden.Length + 1, lake.Files.Locations.Count);
        var result = await lake.Table.RemoveOrphanFiles().RunAsync(TestTable.Cancel);

        Assert.Equal(orphans.Order(StringComparer.Ordinal), Names(lake, plan));
        Assert.Equal(orphans.Order(StringComparer.Ordinal), Names(lake, result.Removed));
        Assert.Equal(0, result.FailedFilesCount);
        Assert.Equal(
            live.Concat(hidden.Append("data/young").Select(n => $"{lake.Table.Metadata.Location}/{n}")).Order(
                StringComparer.Ordinal),
            lake.Files.Locations);
    }

    [Fact]
    public async Task Metadata_files_that_left_the_log_are_orphans_and_those_in_it_are_not()
    {
        var lake = await Warehouse.CreateAsync(properties: new() { ["write.metadata.previous-versions-max"] = "2" });
        var created = lake.Table.MetadataLocation;
        for (var i = 0; i < 3; i++)
        {
            await lake.Table.UpdateProperties().Set("n", $"{i}").CommitAsync(TestTable.Cancel);
        }

        await lake.PutAsync($"{lake.Table.Locations.MetadataRoot}/version-hint.text");
        lake.Days(4);
        var result = await lake.Table.RemoveOrphanFiles().RunAsync(TestTable.Cancel);

        Assert.Equal([created], result.Removed.Select(f => f.Location));
    }

    [Fact]
    public async Task Statistics_files_stay()
    {
        var lake = await Warehouse.CreateAsync();
        var snapshot = await lake.AppendAsync("a");
        var metadata = lake.Table.Metadata with
        {
            Statistics = [new(snapshot.SnapshotId, """{"snapshot-id": 1, "statistics-path": "mem:/s.puffin"}""")],
            PartitionStatistics = [new(
                snapshot.SnapshotId, """{"snapshot-id": 1, "statistics-path": "mem:/p.parquet"}""")],
        };

        var files = ReachableFiles.OfMetadata(metadata, "mem:/v1.json").ToList();

        Assert.Contains(new ReachableFile(ReachableFileKind.Statistics, "mem:/s.puffin"), files);
        Assert.Contains(new ReachableFile(ReachableFileKind.Statistics, "mem:/p.parquet"), files);
        var broken = metadata with { Statistics = [new(snapshot.SnapshotId, """{"snapshot-id": 1}""")] };
        Assert.Throws<IcebergFormatException>(() => ReachableFiles.OfMetadata(broken, "mem:/v1.json").ToList());
    }

    [Fact]
    public async Task A_guard_of_less_than_a_day_must_be_asked_for()
    {
        var lake = await Warehouse.CreateAsync();
        await lake.PutAsync($"{lake.Table.Locations.DataRoot}/lost");
        lake.Days(0.5);
        var recent = lake.Table.RemoveOrphanFiles().OlderThan(lake.Time.GetUtcNow());

        var refused = await Assert.ThrowsAsync<IcebergException>(() => recent.RunAsync(TestTable.Cancel));

        Assert.Contains("less than a day ago", refused.Message, StringComparison.Ordinal);
        Assert.Single((await recent.AllowRecent().RunAsync(TestTable.Cancel)).Removed);
        Assert.Empty(await lake.Table.RemoveOrphanFiles().OlderThan(lake.Time.GetUtcNow().AddDays(-1)).PlanAsync(
            TestTable.Cancel));
    }

    [Fact]
    public async Task The_guard_is_three_days_and_a_file_of_exactly_that_age_is_not_older()
    {
        var lake = await Warehouse.CreateAsync();
        await lake.PutAsync($"{lake.Table.Locations.DataRoot}/lost");
        lake.Days(3);
        Assert.Empty(await lake.Table.RemoveOrphanFiles().PlanAsync(TestTable.Cancel));
        lake.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Single(await lake.Table.RemoveOrphanFiles().PlanAsync(TestTable.Cancel));
        Assert.Single(await lake.Table.RemoveOrphanFiles().OlderThan(lake.Time.GetUtcNow().AddDays(-1)).PlanAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task A_table_that_is_known_by_two_names_is_left_alone_wherever_the_other_lies_now()
    {
        var lake = await Warehouse.CreateAsync();
        await lake.AppendAsync("a");
        var catalog = lake.Table.Catalog;
        var copy = await catalog.RegisterTableAsync(
            TableIdentifier.Parse("silver.copy"), lake.Table.MetadataLocation, TestTable.Cancel);

        // What the one writes into the old folder the other does not know, nor by its folders that they are one table.
        await lake.AppendAsync("b");
        await lake.Table.UpdateLocationAsync("mem:/elsewhere/energy", TestTable.Cancel);
        lake.Days(4);
        foreach (var table in new[] { copy, lake.Table })
        {
            var refused = await Assert.ThrowsAsync<IcebergException>(
                () => table.RemoveOrphanFiles().RunAsync(TestTable.Cancel));
            Assert.Contains("is also registered as silver.", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(["a", "b"], await lake.ReadAsync(lake.Table.CurrentSnapshot!.SnapshotId));
    }

    [Fact]
    public async Task A_commit_made_during_the_listing_keeps_its_files()
    {
        HookedFileIO? hook = null;
        var lake = await Warehouse.CreateAsync(io => hook = new HookedFileIO(io));
        await lake.AppendAsync("a");
        var late = await lake.DataAsync("late");
        await lake.DataAsync("lost");
        lake.Days(4);
        var other = await lake.Table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);

        // A write of more than 3 days commits just now.
        hook!.AfterList = () => other.NewAppend().Add(late).CommitAsync(TestTable.Cancel);
        var result = await lake.Table.RemoveOrphanFiles().RunAsync(TestTable.Cancel);

        Assert.Equal(["data/lost.parquet"], Names(lake, result.Removed));
        Assert.Equal(["a", "late"], await lake.ReadAsync(lake.Table.CurrentSnapshot!.SnapshotId));
    }

    [Fact]
    public async Task Folders_that_properties_name_are_looked_through_too()
    {
        var lake = await Warehouse.CreateAsync(properties: new() { ["write.data.path"] = "mem:/elsewhere/data" });
        await lake.AppendAsync("a");
        await lake.PutAsync("mem:/elsewhere/data/lost");
        await lake.PutAsync("mem:/elsewhere/other");
        lake.Days(4);

        Assert.Equal(["mem:/elsewhere/data/lost"],
            (await lake.Table.RemoveOrphanFiles().PlanAsync(TestTable.Cancel)).Select(f => f.Location));
    }

    [Fact]
    public async Task One_folder_of_the_table_can_be_chosen_and_no_other()
    {
        var lake = await Warehouse.CreateAsync();
        await lake.PutAsync($"{lake.Table.Metadata.Location}/data/lost");
        await lake.PutAsync($"{lake.Table.Metadata.Location}/metadata/lost");
        await lake.PutAsync("mem:/warehouse/lost");
        lake.Days(4);

        Assert.Equal(["data/lost"], Names(lake, await lake.Table.RemoveOrphanFiles()
            .Location(lake.Table.Locations.DataRoot).PlanAsync(TestTable.Cancel)));
        var refused = await Assert.ThrowsAsync<IcebergException>(
            () => lake.Table.RemoveOrphanFiles().Location("mem:/warehouse").PlanAsync(TestTable.Cancel));
        Assert.Contains("is not a folder of table", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_inside_the_folder_are_left_alone_and_a_shared_folder_is_refused()
    {
        var lake = await Warehouse.CreateAsync();
        var catalog = lake.Table.Catalog;
        await lake.PutAsync($"{lake.Table.Metadata.Location}/data/lost");
        await lake.PutAsync($"{lake.Table.Metadata.Location}/inner/data/x");
        lake.Days(4);
        var inner = TableIdentifier.Parse("silver.inner");
        await catalog.CreateTableAsync(
            inner,
            new TableCreation { Schema = TestTable.Schema, Location = $"{lake.Table.Metadata.Location}/inner" },
            TestTable.Cancel);

        Assert.Equal(["data/lost"], Names(lake, await lake.Table.RemoveOrphanFiles().PlanAsync(TestTable.Cancel)));

        var twin = await catalog.CreateTableAsync(
            TableIdentifier.Parse("silver.twin"), new TableCreation { Schema = TestTable.Schema }, TestTable.Cancel);
        await twin.UpdateProperties().Set("write.data.path", lake.Table.Metadata.Location + "/").CommitAsync(
            TestTable.Cancel);
        var refused = await Assert.ThrowsAsync<IcebergException>(
            () => lake.Table.RemoveOrphanFiles().RunAsync(TestTable.Cancel));
        Assert.Contains("share the folder", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_forbids_removing_files_keeps_its_orphans()
    {
        var lake = await Warehouse.CreateAsync(properties: new() { ["gc.enabled"] = "false" });

        await Assert.ThrowsAsync<IcebergException>(() => lake.Table.RemoveOrphanFiles().PlanAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task The_same_file_under_another_scheme_is_known_and_another_bucket_is_an_error_unless_chosen()
    {
        // The table names mem:/..., the listing of the store says other://....
        var lake = await Warehouse.CreateAsync(io => new RenamingFileIO(io, "mem:/", "other://bucket/"));
        await lake.AppendAsync("a");
        await lake.PutAsync($"{lake.Table.Locations.DataRoot}/lost");
        lake.Days(4);

        var refused = await Assert.ThrowsAsync<IcebergException>(
            () => lake.Table.RemoveOrphanFiles().PlanAsync(TestTable.Cancel));
        Assert.Contains("under other://bucket that the table names under mem://", refused.Message,
            StringComparison.Ordinal);

        string[] lost = ["other://bucket/warehouse/silver/energy/data/lost"];
        Assert.Equal(lost, Locations(
            await lake.Table.RemoveOrphanFiles().OnPrefixMismatch(PrefixMismatch.Ignore).PlanAsync(TestTable.Cancel)));
        Assert.Equal(lost, Locations(
            await lake.Table.RemoveOrphanFiles().EqualSchemes("mem", "other").EqualAuthorities("", "bucket").PlanAsync(
                TestTable.Cancel)));
        Assert.Equal(6, (await lake.Table.RemoveOrphanFiles().OnPrefixMismatch(PrefixMismatch.Delete).PlanAsync(
            TestTable.Cancel)).Count);
    }

    [Theory]
    [InlineData("/w/t/a", "file:/w/t/a")]
    [InlineData("/w/t/a", "file:///w/t/a")]
    [InlineData("/w/t/a", "FILE:/w//t/a")]
    [InlineData("s3://b/a", "s3://b//a")]
    public void Spellings_of_one_location_are_one_address(string left, string right) =>
        Assert.Equal(FileAddress.Parse(left), FileAddress.Parse(right));

    [Theory]
    [InlineData("s3://b/a", "s3://c/a")]
    [InlineData("s3://b/a", "s3a://b/a")]
    [InlineData("/w/a:b", "/w/a")]
    [InlineData("/w/a%20b", "/w/a b")]
    public void Other_locations_are_other_addresses(string left, string right) =>
        Assert.NotEqual(FileAddress.Parse(left), FileAddress.Parse(right));

    [Fact]
    public async Task A_broken_manifest_stops_everything()
    {
        var lake = await Warehouse.CreateAsync();
        var snapshot = await lake.AppendAsync("a");
        await lake.PutAsync($"{lake.Table.Locations.DataRoot}/lost");
        lake.Days(4);
        await lake.Files.DeleteAsync(snapshot.ManifestList!, TestTable.Cancel);

        await Assert.ThrowsAsync<IcebergFormatException>(
            () => lake.Table.RemoveOrphanFiles().RunAsync(TestTable.Cancel));

        Assert.Equal(["a"], lake.DataFiles());
        Assert.True(await lake.Files.ExistsAsync($"{lake.Table.Locations.DataRoot}/lost", TestTable.Cancel));
    }

    [Fact]
    public async Task Folders_of_killed_writes_on_disk_go_with_their_last_file()
    {
        using var folder = new TempFolder();
        var table = await TestTable.CreateAsync(new LocalFileIO(), PartitionSpec.Unpartitioned, warehouse: folder.Path);
        var old = DateTime.UnixEpoch.AddYears(50);
        var (writing, partitioned, never) = (Folder(".writing-0123"), Folder(".writing-45"), Folder(".writing-67"));
        var fresh = Folder(".writing-89");
        Directory.CreateDirectory(Path.Combine(partitioned, "day=1"));
        await File.WriteAllTextAsync(Path.Combine(writing, "0.parquet"), "half", TestTable.Cancel);
        File.SetLastWriteTimeUtc(Path.Combine(writing, "0.parquet"), old);
        await File.WriteAllTextAsync(Path.Combine(partitioned, "day=1", "0.parquet"), "half", TestTable.Cancel);
        File.SetLastWriteTimeUtc(Path.Combine(partitioned, "day=1", "0.parquet"), old);
        foreach (var changed in new[] { writing, partitioned, never })
        {
            Directory.SetLastWriteTimeUtc(changed, old);
        }

        var result = await table.RemoveOrphanFiles().RunAsync(TestTable.Cancel);

        Assert.Equal(
            [$"{table.Locations.DataRoot}/.writing-0123/0.parquet", $"{table.Locations.DataRoot}/.writing-45/day=1/0.parquet"],
            result.Removed.Select(f => f.Location).Order(StringComparer.Ordinal));
        Assert.Equal([fresh], Directory.GetDirectories(table.Locations.DataRoot));
        Assert.True(File.Exists(table.MetadataLocation));

        string Folder(string name) => Directory.CreateDirectory(Path.Combine(table.Locations.DataRoot, name)).FullName;
    }

    private static IEnumerable<string> Names(Warehouse lake, IEnumerable<StoredFile> files) =>
        files.Select(f => f.Location[(lake.Table.Metadata.Location.Length + 1)..]).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Locations(IEnumerable<StoredFile> files) => files.Select(f => f.Location);

    /// <summary>Storage that lists its files under another name than they are asked for.</summary>
    private sealed class RenamingFileIO(IFileIO inner, string from, string to) : ForwardingFileIO(inner)
    {
        public override IAsyncEnumerable<StoredFile> ListAsync(string folder, CancellationToken cancellationToken = default) =>
            Inner.ListAsync(folder, cancellationToken).Select(
                f => f with { Location = to + f.Location[from.Length..] });
    }
}
