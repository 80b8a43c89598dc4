using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Maintenance;

/// <summary>The instant at which something is old enough (spec: "Snapshot Retention Policy"): an age is reached, then passed.</summary>
public sealed class SnapshotRetentionTests
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task A_snapshot_of_exactly_the_greatest_age_stays_and_goes_a_millisecond_later()
    {
        var lake = await Warehouse.CreateAsync();
        var first = await lake.AppendAsync("a");
        await lake.AppendAsync("b");
        lake.Days(5);

        Assert.Empty(await ExpiringAsync(lake));
        lake.Time.Advance(Instant);
        Assert.Equal([first.SnapshotId], await ExpiringAsync(lake));
    }

    [Fact]
    public async Task A_snapshot_that_nothing_names_stays_as_long()
    {
        var lake = await Warehouse.CreateAsync();
        var first = await lake.AppendAsync("a");
        var second = await lake.AppendAsync("b");
        await lake.Table.UpdateAsync(b => b.SetBranch("main", first.SnapshotId), TestTable.Cancel);
        lake.Days(5);

        Assert.Empty(await ExpiringAsync(lake));
        lake.Time.Advance(Instant);
        Assert.Equal([second.SnapshotId], await ExpiringAsync(lake));
    }

    [Fact]
    public async Task A_tag_of_exactly_its_age_stays_and_goes_a_millisecond_later()
    {
        var lake = await Warehouse.CreateAsync();
        var first = await lake.AppendAsync("a");
        await lake.RefAsync("eoy", first.SnapshotId, SnapshotRefKind.Tag, r => r with { MaxRefAgeMs = 86_400_000 });
        lake.Days(1);

        Assert.Empty((await lake.Table.ExpireSnapshots().PlanAsync(TestTable.Cancel)).Refs);
        lake.Time.Advance(Instant);
        Assert.Equal(["eoy"], (await lake.Table.ExpireSnapshots().PlanAsync(TestTable.Cancel)).Refs);
    }

    [Fact]
    public async Task Behind_the_first_snapshot_that_goes_none_of_the_branch_stays_even_if_a_clock_was_wrong()
    {
        var lake = await Warehouse.CreateAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            await lake.AppendAsync(name);
        }

        // The second writer's clock was ten days behind that of the first.
        var now = lake.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var snapshots = lake.Table.Metadata.Snapshots;
        var metadata = lake.Table.Metadata with
        {
            Snapshots = [snapshots[0], snapshots[1] with { TimestampMs = now - 864_000_000 }, snapshots[2]],
        };

        var expiry = new SnapshotRetention { Now = lake.Time.GetUtcNow() }.Apply(metadata);

        Assert.Equal([snapshots[0].SnapshotId, snapshots[1].SnapshotId], expiry.Snapshots.Select(s => s.SnapshotId));
    }

    private static async Task<IEnumerable<long>> ExpiringAsync(Warehouse lake) =>
        (await lake.Table.ExpireSnapshots().PlanAsync(TestTable.Cancel)).Snapshots.Select(s => s.SnapshotId);
}
