using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Commit;

/// <summary>Manifests are clustered with few of them open, however many clusters there are.</summary>
public sealed class ManyClustersTests
{
    private readonly OpenFilesIO _files = new(new InMemoryFileIO());

    [Theory]
    [InlineData(64, 64)]
    [InlineData(65, 64)]
    [InlineData(2000, 64)]
    public async Task Partitions_share_manifests_with_their_neighbours_where_there_are_too_many(int partitions, int manifests)
    {
        var table = await CreateAsync(partitions);
        _files.Restart();

        var snapshot = await table.NewRewriteManifests().ClusterBy(f => f.Partition).CommitAsync(TestTable.Cancel);

        Assert.Equal(manifests, _files.Most);
        Assert.Equal($"{manifests}", snapshot.Summary["manifests-created"]);
        Assert.Equal($"{partitions * 2}", snapshot.Summary["entries-processed"]);
        Assert.Equal(partitions * 2, await table.NewScan().PlanFilesAsync(TestTable.Cancel).Select(t => t.File.FilePath).Distinct()
            .CountAsync(TestTable.Cancel));

        // Both files of a partition are in one manifest, and no two manifests overlap.
        var ranges = (await Entries.ManifestsAsync(table)).Select(Range).Order().ToList();
        Assert.Equal(partitions, ranges.Sum(r => r.Upper - r.Lower + 1));
        Assert.Equal(ranges[..^1].Select(r => r.Upper + 1), ranges[1..].Select(r => r.Lower));
        Assert.All((await Entries.ManifestsAsync(table)), m => Assert.Equal((Range(m).Upper - Range(m).Lower + 1) * 2, m.ExistingFilesCount));
        Assert.InRange(ranges.Max(r => r.Upper - r.Lower + 1), partitions / 64, (partitions / 64) + 1);
    }

    [Fact]
    public async Task Specs_never_share_a_manifest()
    {
        var table = await CreateAsync(100);
        await table.UpdateSpec().AddField("facility").CommitAsync(TestTable.Cancel);
        var spec = table.Spec.SpecId;
        await table.NewFastAppend()
            .AddRange(Enumerable.Range(0, 100).Select(i => TestTable.Month(2025, 1, i) with
            {
                FilePath = $"mem:/data/second-{i}",
                SpecId = spec,
                Partition = new PartitionValues([Literal.Int(i), Literal.String("A")]),
            }))
            .CommitAsync(TestTable.Cancel);
        _files.Restart();

        await table.NewRewriteManifests().ClusterBy(f => f.Partition).CommitAsync(TestTable.Cancel);

        // The group in which one spec ends and the other begins is a manifest of each.
        Assert.InRange(_files.Most, 64, 65);
        Assert.Equal(300, await table.NewScan().PlanFilesAsync(TestTable.Cancel).CountAsync(TestTable.Cancel));
        Assert.Equal([0, spec], (await Entries.ManifestsAsync(table)).Select(m => m.SpecId).Distinct().Order());
    }

    [Fact]
    public async Task A_rewrite_for_maintenance_keeps_to_the_same_bound()
    {
        // The smallest target makes as many runs as there are bytes, so each partition is one.
        var table = await CreateAsync(300, new() { ["commit.manifest.target-size-bytes"] = "1" });
        var plan = await table.RewriteManifests().PlanAsync(TestTable.Cancel);
        Assert.True(plan.TargetManifestsCount > 300);
        _files.Restart();

        await table.RewriteManifests().RunAsync(TestTable.Cancel);

        Assert.InRange(_files.Most, 2, 64);
        Assert.Equal(600, await table.NewScan().PlanFilesAsync(TestTable.Cancel).CountAsync(TestTable.Cancel));
    }

    /// <summary>Two files for each of many months, in an order that has nothing to do with the months.</summary>
    private async Task<Table> CreateAsync(int partitions, Dictionary<string, string>? properties = null)
    {
        var table = await TestTable.CreateAsync(_files, properties: properties);
        var random = new Random(partitions);
        for (var number = 0; number < 2; number++)
        {
            var months = Enumerable.Range(0, partitions).ToArray();
            random.Shuffle(months);
            await table.NewFastAppend()
                .AddRange(months.Select(month => TestTable.Month(1970, 1, number) with
                {
                    FilePath = $"mem:/data/{month}-{number}",
                    Partition = new PartitionValues([Literal.Int(month)]),
                }))
                .CommitAsync(TestTable.Cancel);
        }

        return table;
    }

    private static (int Lower, int Upper) Range(ManifestFile manifest) => (
        BitConverter.ToInt32(manifest.Partitions![0].LowerBound!.Value.Span),
        BitConverter.ToInt32(manifest.Partitions[0].UpperBound!.Value.Span));
}
