using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Maintenance;

public sealed class ExpireSnapshotsTests
{
    [Fact]
    public async Task Snapshots_older_than_five_days_expire_with_the_files_that_only_they_lead_to()
    {
        var lake = await Warehouse.CreateAsync();
        var first = await lake.AppendAsync("a");
        var second = await lake.ReplaceAsync("a", "b");
        lake.Days(4);
        var third = await lake.AppendAsync("c");
        lake.Days(1.5);

        var plan = await lake.Table.ExpireSnapshots().PlanAsync(TestTable.Cancel);
        var before = lake.Files.Locations;
        var result = await lake.Table.ExpireSnapshots().RunAsync(TestTable.Cancel);

        // 5.5 days later the first two are too old. Only 'a' is in no kept snapshot. The replacing snapshot wrote a new
        // manifest for 'b' and one that marks 'a' as removed; the first one's manifest and both lists go.
        Assert.Equal([first.SnapshotId, second.SnapshotId], plan.Snapshots.Select(s => s.SnapshotId));
        Assert.Equal([first.SnapshotId, second.SnapshotId], result.SnapshotIds);
        Assert.Equal(1, result.Files.DataFiles);
        Assert.Equal(2, result.Files.ManifestLists);
        Assert.Equal(plan.Files, result.Files);
        Assert.Equal((0, null), (result.FailedFilesCount, result.FirstFailure));
        Assert.Equal(["b", "c"], lake.DataFiles());
        Assert.Equal(["b", "c"], await lake.ReadAsync(third.SnapshotId));
        Assert.Equal(result.Files.Total, before.Except(lake.Files.Locations).Count());
        Assert.DoesNotContain(first.ManifestList!, lake.Files.Locations);
        Assert.Equal([third.SnapshotId], lake.Table.Metadata.Snapshots.Select(s => s.SnapshotId));
    }

    [Fact]
    public async Task A_plan_changes_nothing()
    {
        var lake = await Warehouse.CreateAsync();
        await lake.AppendAsync("a");
        await lake.ReplaceAsync("a", "b");
        lake.Days(6);
        var (metadata, files) = (lake.Table.MetadataLocation, lake.Files.Locations);

        var plan = await lake.Table.ExpireSnapshots().PlanAsync(TestTable.Cancel);

        Assert.False(plan.IsEmpty);
        await lake.Table.RefreshAsync(TestTable.Cancel);
        Assert.Equal(metadata, lake.Table.MetadataLocation);
        Assert.Equal(files, lake.Files.Locations);
    }

    [Fact]
    public async Task Nothing_to_expire_makes_no_commit()
    {
        var lake = await Warehouse.CreateAsync();
        await lake.AppendAsync("a");
        lake.Days(100);
        var metadata = lake.Table.MetadataLocation;

        var result = await lake.Table.ExpireSnapshots().RunAsync(TestTable.Cancel);

        // The head of main stays whatever its age.
        Assert.Empty(result.SnapshotIds);
        Assert.Equal(metadata, lake.Table.MetadataLocation);
    }

    [Theory]
    [InlineData(1, "5")]
    [InlineData(3, "3 4 5")]
    [InlineData(99, "1 2 3 4 5")]
    public async Task The_last_snapshots_of_a_branch_stay_whatever_their_age(int number, string kept)
    {
        var lake = await Warehouse.CreateAsync();
        var ids = await AppendDailyAsync(lake, 5);

        await lake.Table.ExpireSnapshots().OlderThan(lake.Time.GetUtcNow()).RetainLast(number).RunAsync(
            TestTable.Cancel);

        Assert.Equal(kept, Kept(lake, ids));
    }

    [Fact]
    public async Task The_table_can_say_how_many_and_how_long()
    {
        var lake = await Warehouse.CreateAsync(properties: new()
        {
            ["history.expire.max-snapshot-age-ms"] = "216000000",
            ["history.expire.min-snapshots-to-keep"] = "2",
        });
        var ids = await AppendDailyAsync(lake, 5);

        // Made at days 0 to 4, now is day 5: 2.5 days (216,000,000 ms) reach back to 2.5, so 4 and 5 stay by age.
        await lake.Table.ExpireSnapshots().RunAsync(TestTable.Cancel);
        Assert.Equal("4 5", Kept(lake, ids));
        lake.Days(50);
        await lake.Table.ExpireSnapshots().RunAsync(TestTable.Cancel);
        Assert.Equal("4 5", Kept(lake, ids));
    }

    [Fact]
    public async Task A_branch_of_its_own_settings_keeps_by_them_and_a_tag_keeps_its_one_snapshot()
    {
        var lake = await Warehouse.CreateAsync();
        var ids = await AppendDailyAsync(lake, 6);
        await lake.RefAsync("two", ids[2], SnapshotRefKind.Branch, r =>
            r with { MinSnapshotsToKeep = 2, MaxSnapshotAgeMs = 1 });
        await lake.RefAsync("eoy", ids[0], SnapshotRefKind.Tag);

        await lake.Table.ExpireSnapshots().OlderThan(lake.Time.GetUtcNow()).RunAsync(TestTable.Cancel);

        // main keeps 6, branch two keeps 3 and 2, the tag keeps 1; 4 and 5 go.
        Assert.Equal("1 2 3 6", Kept(lake, ids));
        Assert.Equal(["1", "2", "3", "4", "5", "6"], lake.DataFiles());
    }

    [Fact]
    public async Task Branches_and_tags_past_their_age_go_with_what_only_they_kept()
    {
        var lake = await Warehouse.CreateAsync(properties: new() { ["history.expire.max-ref-age-ms"] = "259200000" });
        var first = await lake.AppendAsync("a");
        var audit = await lake.AppendAsync("x", "audit");
        await lake.RefAsync("keep", first.SnapshotId, SnapshotRefKind.Tag, r => r with { MaxRefAgeMs = long.MaxValue });
        await lake.RefAsync("drop", first.SnapshotId, SnapshotRefKind.Tag);
        lake.Days(3.5);
        await lake.AppendAsync("b");

        // 3 days (259,200,000 ms) have passed for both refs without an age of their own.
        var result = await lake.Table.ExpireSnapshots().OlderThan(lake.Time.GetUtcNow()).RunAsync(TestTable.Cancel);

        Assert.Equal(["audit", "drop"], result.Refs);
        Assert.Equal(["keep", "main"], lake.Table.Metadata.Refs.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([audit.SnapshotId], result.SnapshotIds);
        Assert.Equal(["a", "b"], lake.DataFiles());
    }

    [Fact]
    public async Task What_a_rollback_left_behind_stays_only_while_it_is_young()
    {
        var lake = await Warehouse.CreateAsync();
        var first = await lake.AppendAsync("a");
        var second = await lake.AppendAsync("b");
        await lake.Table.UpdateAsync(b => b.SetBranch("main", first.SnapshotId), TestTable.Cancel);
        lake.Days(4);

        Assert.Empty((await lake.Table.ExpireSnapshots().RunAsync(TestTable.Cancel)).SnapshotIds);
        lake.Days(2);
        Assert.Equal([second.SnapshotId], (await lake.Table.ExpireSnapshots().RunAsync(TestTable.Cancel)).SnapshotIds);
        Assert.Equal(["a"], lake.DataFiles());
    }

    [Fact]
    public async Task A_snapshot_can_be_named_unless_a_branch_or_tag_names_it()
    {
        var lake = await Warehouse.CreateAsync();
        var ids = await AppendDailyAsync(lake, 3);
        await lake.RefAsync("eoy", ids[0], SnapshotRefKind.Tag);

        var refused = await Assert.ThrowsAsync<IcebergException>(
            () => lake.Table.ExpireSnapshots().Snapshot(ids[0]).RunAsync(TestTable.Cancel));
        Assert.Contains("it is named by 'eoy'", refused.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<IcebergException>(
            () => lake.Table.ExpireSnapshots().Snapshot(7).RunAsync(TestTable.Cancel));
        Assert.Contains("no such snapshot", unknown.Message, StringComparison.Ordinal);

        await lake.Table.ExpireSnapshots().Snapshot(ids[1]).RunAsync(TestTable.Cancel);
        Assert.Equal("1 3", Kept(lake, ids));
        Assert.Equal(["1", "2", "3"], await lake.ReadAsync(ids[2]));
    }

    [Fact]
    public async Task A_table_that_forbids_removing_files_expires_nothing()
    {
        var lake = await Warehouse.CreateAsync(properties: new() { ["gc.enabled"] = "false" });
        await AppendDailyAsync(lake, 3);

        var refused = await Assert.ThrowsAsync<IcebergException>(
            () => lake.Table.ExpireSnapshots().OlderThan(lake.Time.GetUtcNow()).RunAsync(TestTable.Cancel));

        Assert.Contains("'gc.enabled' = false", refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, lake.Table.Metadata.Snapshots.Count);
    }

    [Fact]
    public async Task Files_can_be_left_for_later()
    {
        var lake = await Warehouse.CreateAsync();
        await lake.AppendAsync("a");
        await lake.ReplaceAsync("a", "b");
        lake.Days(6);

        var result = await lake.Table.ExpireSnapshots().KeepFiles().RunAsync(TestTable.Cancel);

        Assert.Single(result.SnapshotIds);
        Assert.Equal(0, result.Files.Total);
        Assert.Equal(["a", "b"], lake.DataFiles());
    }

    [Fact]
    public async Task A_manifest_list_that_a_kept_snapshot_shares_stays()
    {
        var lake = await Warehouse.CreateAsync();
        var first = await lake.AppendAsync("a");
        var table = lake.Table.Metadata;
        var before = table with { Snapshots = [first with { SnapshotId = 1 }, first] };
        var files = await new ExpiredFiles(lake.Files, before, table).FindAsync(TestTable.Cancel).ToListAsync(TestTable.Cancel);
        Assert.Empty(files);
    }

    [Fact]
    public async Task Statistics_of_expired_snapshots_go_and_those_of_kept_ones_stay()
    {
        var lake = await Warehouse.CreateAsync();
        var first = await lake.AppendAsync("a");
        lake.Days(6);
        var second = await lake.AppendAsync("b");
        var (old, young) = ($"{lake.Table.Locations.MetadataRoot}/old.puffin",
            $"{lake.Table.Locations.MetadataRoot}/young.puffin");
        await lake.PutAsync(old);
        await lake.PutAsync(young);
        var after = lake.Table.Metadata with { Statistics = [Statistics(second, young)] };
        var before = lake.Table.Metadata with { Statistics = [Statistics(first, old), Statistics(second, young)] };
        after = TableMetadataBuilder.From(after).RemoveSnapshots([first.SnapshotId]).Build(lake.Time.GetUtcNow());

        var files = await new ExpiredFiles(lake.Files, before, after).FindAsync(TestTable.Cancel).ToListAsync(
            TestTable.Cancel);

        Assert.Equal(
            [new(ReachableFileKind.ManifestList, first.ManifestList!), new(ReachableFileKind.Statistics, old)],
            files);

        static StatisticsEntry Statistics(Snapshot snapshot, string path) =>
            new(snapshot.SnapshotId, $$"""{"snapshot-id": {{snapshot.SnapshotId}}, "statistics-path": "{{path}}"}""");
    }

    /// <summary>Commits one file a day, named 1, 2 and so on; now is a day after the last.</summary>
    private static async Task<List<long>> AppendDailyAsync(Warehouse lake, int count)
    {
        var ids = new List<long>();
        for (var i = 1; i <= count; i++)
        {
            ids.Add((await lake.AppendAsync($"{i}")).SnapshotId);
            lake.Days(1);
        }

        return ids;
    }

    private static string Kept(Warehouse lake, List<long> ids) => string.Join(
        ' ', ids.Index().Where(i => lake.Table.Metadata.FindSnapshot(i.Item) is not null).Select(i => i.Index + 1));
}
