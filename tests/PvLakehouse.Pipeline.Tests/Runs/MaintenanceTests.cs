using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Tests.Models;

namespace PvLakehouse.Pipeline.Tests.Runs;

/// <summary>Compaction and expiry of snapshots take away nothing that runs rely on.</summary>
public sealed class MaintenanceTests : IAsyncLifetime
{
    private static readonly DateOnly First = new(2025, 1, 1);

    private readonly TestLake _lake = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilityAsync("NYNGAN", 102, 100);
        var days = new SunnyDays(_lake);
        await days.WeatherAsync("NYNGAN", First, 2);
        await days.EnergyAsync("NYNGAN", First, 1, (_, _) => 1);
        await _lake.RunAsync();
        await days.EnergyAsync("NYNGAN", First.AddDays(1), 1, (_, _) => 1);
        await _lake.RunAsync();
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task Compacted_tables_whose_history_has_expired_need_no_work_but_for_what_comes_after()
    {
        await CompactAsync();
        var before = await SnapshotsAsync();
        await ExpireAsync();

        Assert.All(await _lake.RunAsync(), stage => Assert.Null(stage.SnapshotId));
        var after = await SnapshotsAsync();
        Assert.Equal(before.Select(table => table[^1]), after.Select(table => table[^1]));
        Assert.All(after, table => Assert.Single(table));

        await _lake.AirAsync([.. Enumerable.Range(0, 3).Select(hour => ("NYNGAN", $"2025-01-02T{hour:D2}", (double?)7))]);
        var run = await _lake.RunAsync();

        // Two whole hours of air lie between three stamps; energy and weather did not change.
        Assert.Equal(2, Of("silver.clean_hourly_air_quality").RowsInserted);
        Assert.Equal(2, Of("gold.fact_solar_environmental").RowsUpdated);
        Assert.Equal(0, Of("gold.fact_solar_environmental").RowsUnchanged);
        Assert.Null(Of("silver.clean_hourly_energy").SnapshotId);

        StageResult Of(string table) => run.Single(stage => stage.Table == table);
    }

    /// <summary>Every file of every table is written anew, twice.</summary>
    private async Task CompactAsync()
    {
        await using var session = await _lake.Lake.Engine.OpenSessionAsync(Token);
        foreach (var contract in Datasets.Contracts)
        {
            if (await _lake.Lake.Tables.FindAsync(contract, Token) is { CurrentSnapshot: not null } table)
            {
                await table.RewriteDataFiles(new RewriteDataFilesOptions { RewriteAll = true }).RunAsync(session, Token);
                await table.NewRewriteManifests().CommitAsync(Token);
            }
        }
    }

    private async Task ExpireAsync()
    {
        foreach (var contract in Datasets.Contracts)
        {
            if (await _lake.Lake.Tables.FindAsync(contract, Token) is { } table)
            {
                await table.ExpireSnapshots().OlderThan(DateTimeOffset.MaxValue).RetainLast(1).RunAsync(Token);
            }
        }
    }

    /// <summary>The snapshots of each table, the current one last.</summary>
    private async Task<IReadOnlyList<long[]>> SnapshotsAsync()
    {
        var all = new List<long[]>();
        foreach (var contract in Datasets.Contracts)
        {
            if (await _lake.Lake.Tables.FindAsync(contract, Token) is { Metadata.CurrentSnapshotId: { } current } table)
            {
                all.Add([.. table.Metadata.Snapshots.Select(snapshot => snapshot.SnapshotId).Where(id => id != current), current]);
            }
        }

        return all;
    }
}
