using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Inspect;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Maintenance;

public sealed class RewriteManifestFilesTests
{
    [Fact]
    public async Task Many_manifests_become_few_and_every_file_keeps_its_age()
    {
        var table = await MonthsAsync(10);
        var before = await EntriesAsync(table);

        var plan = await table.RewriteManifests().PlanAsync(TestTable.Cancel);
        var result = await table.RewriteManifests().RunAsync(TestTable.Cancel);

        Assert.Equal((10, 1, 10L), (plan.Manifests.Count, plan.TargetManifestsCount, plan.FilesCount));
        Assert.Equal(new RewriteManifestsResult(10, 1), result);
        Assert.Equal(before, await EntriesAsync(table));
        Assert.Equal("replace", table.CurrentSnapshot!.Operation);
        Assert.Equal("10", table.CurrentSnapshot.Summary["total-data-files"]);
        var manifest = (await table.Inspect().ManifestsAsync(null, TestTable.Cancel).SingleAsync(TestTable.Cancel))
            .Manifest;
        Assert.Equal((0, 10, 0), (manifest.AddedFilesCount, manifest.ExistingFilesCount, manifest.DeletedFilesCount));
        Assert.True((await table.RewriteManifests().PlanAsync(TestTable.Cancel)).IsEmpty);
    }

    [Fact]
    public async Task Neighbouring_partitions_come_together()
    {
        // Each commit has a file of early and one of late months, so every manifest spans both.
        var table = await TestTable.CreateAsync(properties: new() { ["commit.manifest-merge.enabled"] = "false" });
        for (var i = 1; i <= 6; i++)
        {
            await table.NewAppend().AddRange([TestTable.Month(2024, i), TestTable.Month(2024, 6 + i)]).CommitAsync(
                TestTable.Cancel);
        }

        var size = (await table.Inspect().ManifestsAsync(null, TestTable.Cancel).ToListAsync(TestTable.Cancel)).Sum(
            m => m.Manifest.Length);
        await table.UpdateProperties().Set("commit.manifest.target-size-bytes", $"{(size + 1) / 2}").CommitAsync(
            TestTable.Cancel);
        await table.RewriteManifests().RunAsync(TestTable.Cancel);

        var rows = await MetadataTable.Find("manifests")!.ReadAsync(table, null, TestTable.Cancel).ToListAsync(
            TestTable.Cancel);
        var ranges = rows.ConvertAll(r => Assert.IsType<List<Dictionary<string, object?>>>(r[11])[0]);
        Assert.Equal(
            ["2024-01 2024-06", "2024-07 2024-12"],
            ranges.Select(r => $"{r["lower_bound"]} {r["upper_bound"]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_manifest_or_none_is_left_alone()
    {
        var table = await TestTable.CreateAsync();
        Assert.True((await table.RewriteManifests().PlanAsync(TestTable.Cancel)).IsEmpty);
        await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        var metadata = table.MetadataLocation;

        Assert.Equal(new RewriteManifestsResult(0, 0), await table.RewriteManifests().RunAsync(TestTable.Cancel));
        Assert.Equal(metadata, table.MetadataLocation);
        await Assert.ThrowsAsync<IcebergException>(
            () => table.RewriteManifests().OfSpec(7).PlanAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task One_manifest_that_is_larger_than_the_target_is_cut()
    {
        var table = await TestTable.CreateAsync();
        await table.NewAppend().AddRange([TestTable.Month(2025, 1), TestTable.Month(2025, 2)]).CommitAsync(TestTable.Cancel);
        await table.UpdateProperties().Set("commit.manifest.target-size-bytes", "1").CommitAsync(TestTable.Cancel);
        Assert.Equal(new RewriteManifestsResult(1, 2), await table.RewriteManifests().RunAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task Only_manifests_of_the_chosen_spec_are_written_anew()
    {
        var table = await TestTable.CreateAsync(properties: new() { ["commit.manifest-merge.enabled"] = "false" });
        await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        await table.UpdateSpec().RemoveField("date_hour_month").CommitAsync(TestTable.Cancel);
        foreach (var name in new[] { "a", "b", "c" })
        {
            await table.NewAppend().Add(TestTable.File(name) with { SpecId = table.Spec.SpecId }).CommitAsync(TestTable.Cancel);
        }

        Assert.Equal(3, (await table.RewriteManifests().PlanAsync(TestTable.Cancel)).Manifests.Count);
        Assert.Equal(new RewriteManifestsResult(3, 1), await table.RewriteManifests().RunAsync(TestTable.Cancel));
        Assert.Equal(new RewriteManifestsResult(2, 1), await table.RewriteManifests().OfSpec(0).RunAsync(TestTable.Cancel));
        Assert.Equal(["2025-01-0", "2025-02-0", "a", "b", "c"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task What_somebody_adds_meanwhile_is_kept()
    {
        HookedFileIO? hook = null;
        var lake = await Warehouse.CreateAsync(
            io => hook = new HookedFileIO(io), new() { ["commit.manifest-merge.enabled"] = "false" });
        await lake.AppendAsync("a");
        await lake.AppendAsync("b");
        var other = await lake.Table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);
        var late = await lake.DataAsync("late");
        hook!.BeforeCreate = () => other.NewAppend().Add(late).CommitAsync(TestTable.Cancel);

        var result = await lake.Table.RewriteManifests().RunAsync(TestTable.Cancel);

        Assert.Equal(2, result.RewrittenManifestsCount);
        Assert.Equal(["a", "b", "late"], await lake.ReadAsync(lake.Table.CurrentSnapshot!.SnapshotId));
    }

    [Theory]
    [InlineData("1 1 1 1", 2, "0 0 1 1")]
    [InlineData("9 1 1 1", 2, "0 1 1 1")]
    [InlineData("1 1 1", 5, "0 2 4")]
    [InlineData("1 2 3 4", 1, "0 0 0 0")]
    public void Partitions_are_cut_into_runs_of_about_as_many_files(string files, int count, string expected)
    {
        var counts = files.Split(' ').Select(
            (n, i) => (Partition(i), long.Parse(n, System.Globalization.CultureInfo.InvariantCulture)));

        var clusters = Cut(counts.Reverse().ToDictionary(c => c.Item1, c => c.Item2), count);

        Assert.Equal(expected,
            string.Join(' ', Enumerable.Range(0, clusters.Count).Select(i => clusters[Partition(i)])));

        static PartitionValues Partition(int i) => new([Literal.Int(i)]);
    }

    [Fact]
    public void Null_comes_before_every_value()
    {
        var counts = new Dictionary<PartitionValues, long>
        {
            [new([Literal.Int(-5)])] = 1, [new([null])] = 1, [new([Literal.Int(3)])] = 1,
        };

        var clusters = Cut(counts, 3);

        Assert.Equal((0, 1, 2),
            (clusters[new([null])], clusters[new([Literal.Int(-5)])], clusters[new([Literal.Int(3)])]));
    }

    private static Dictionary<PartitionValues, int> Cut(Dictionary<PartitionValues, long> files, int count) =>
        FileRuns.Cut(files.OrderBy(f => f.Key, PartitionOrder.Instance), count);

    private static async Task<Table> MonthsAsync(int count)
    {
        var table = await TestTable.CreateAsync();
        for (var i = 1; i <= count; i++)
        {
            await table.NewAppend().Add(TestTable.Month(2025, i)).CommitAsync(TestTable.Cancel);
        }

        return table;
    }

    /// <summary>Every live file with the snapshot and the sequence numbers that it came with.</summary>
    private static async Task<List<(string, long?, long?, long?)>> EntriesAsync(Table table)
    {
        var entries = await table.Inspect().EntriesAsync(null, TestTable.Cancel).Where(e => e.Entry.IsLive)
            .Select(e => (e.Entry.File.FilePath, e.Entry.SnapshotId, e.Entry.SequenceNumber,
                e.Entry.FileSequenceNumber))
            .ToListAsync(TestTable.Cancel);
        entries.Sort((a, b) => string.CompareOrdinal(a.FilePath, b.FilePath));
        return entries;
    }
}
