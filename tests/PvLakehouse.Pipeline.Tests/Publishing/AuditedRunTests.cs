using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Alerting;
using PvLakehouse.Pipeline.Publishing;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Tests.Models;

namespace PvLakehouse.Pipeline.Tests.Publishing;

public sealed class AuditedRunTests : IAsyncLifetime
{
    private const string Fact = "iceberg.gold.fact_solar_environmental";

    private readonly TestLake _lake = new();
    private readonly List<Alert> _alerts = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilityAsync("AVLSF", 254.1, 190);
        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T00", 80), ("AVLSF", "AVLSF1", "2025-01-01T01", 90));
        await RunAsync();
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task A_run_that_passes_is_seen_on_main_and_leaves_no_branch()
    {
        Assert.Equal(["80.000000", "90.000000"], await EnergyAsync(Fact));
        Assert.Empty(await BranchesAsync());
        Assert.Equal(["true"], await _lake.RowsAsync("SELECT count(*) > 20 FROM iceberg.ops.quality_results WHERE status = 'pass'"));
        Assert.Equal(["0"], await _lake.RowsAsync("SELECT count(*) FROM iceberg.ops.quality_results WHERE status IN ('fail', 'warn')"));
    }

    [Fact]
    public async Task Nothing_new_writes_nothing()
    {
        var before = await HeadsAsync();

        await RunAsync();

        Assert.Equal(before, await HeadsAsync());
    }

    [Fact]
    public async Task A_failed_audit_leaves_main_keeps_the_branch_and_raises_an_alert()
    {
        // Somebody else adds an hour of a farm that no dimension knows.
        await SqlAsync($"INSERT INTO {Fact} SELECT * REPLACE (99 AS facility_key) FROM {Fact} LIMIT 1");
        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T00", 81), ("AVLSF", "AVLSF1", "2025-01-01T02", 95));
        var before = await HeadsAsync();

        var failure = await Assert.ThrowsAsync<AuditException>(RunAsync);

        Assert.Contains("gold.fact_solar_environmental facility_key_known: 1 of 4, for example 99", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before.Where(NotResults), (await HeadsAsync()).Where(NotResults));
        Assert.Equal(failure.Message, Assert.Single(_alerts).Text);
        Assert.Contains("gold.fact_solar_environmental", await BranchesAsync());
        Assert.Equal(["81.000000", "90.000000", "95.000000"], (await EnergyAsync($"{Fact} FOR VERSION AS OF 'audit'")).Distinct().Where(mwh => mwh != "80.000000"));
        Assert.Equal(
            ["gold.agg_daily_facility 1", "gold.agg_monthly_facility 1", "gold.fact_solar_environmental 1"],
            await _lake.RowsAsync("SELECT table_name, violations FROM iceberg.ops.quality_results WHERE status = 'fail' AND check_name = 'facility_key_known' ORDER BY 1"));

        await SqlAsync($"DELETE FROM {Fact} WHERE facility_key = 99");
        await RunAsync();

        Assert.Equal(["81.000000", "90.000000", "95.000000"], await EnergyAsync(Fact));
        Assert.Empty(await BranchesAsync());
    }

    [Fact]
    public async Task A_run_that_was_stopped_before_its_audit_is_done_again_from_main()
    {
        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T02", 95));
        var before = await HeadsAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => new AuditedRun(Lake).RunAsync(
            async models =>
            {
                await models.SilverAsync("hourly_energy", ModelMode.Incremental, LoadStrategy.Merge, Token);
                throw new OperationCanceledException();
            },
            (_, stage) => stage(), Token));
        Assert.Equal(before, await HeadsAsync());
        Assert.Equal(["silver.clean_hourly_energy"], await BranchesAsync());

        await RunAsync();

        Assert.Equal(["80.000000", "90.000000", "95.000000"], await EnergyAsync(Fact));
        Assert.Empty(await BranchesAsync());
    }

    private Lake Lake => _lake.Lake with { Alerts = new HeardAlerts(_alerts) };

    private Task RunAsync() => new AuditedRun(Lake).RunAsync(
        models => models.RunAllAsync(ModelMode.Incremental, LoadStrategy.Merge, (_, stage) => stage(), Token), (_, stage) => stage(), Token);

    private static bool NotResults(string head) => !head.StartsWith("ops.quality_results", StringComparison.Ordinal);

    private Task<string[]> EnergyAsync(string table) => _lake.RowsAsync($"SELECT energy_mwh FROM {table} ORDER BY date_hour");

    private async Task SqlAsync(string sql)
    {
        await using var session = await _lake.Lake.Engine.OpenSessionAsync(Token);
        await session.RunAsync(sql, parameters: null, Token);
    }

    private async Task<string[]> HeadsAsync() =>
        [.. (await TablesAsync()).Select(table => $"{table.Identifier} {table.Metadata.CurrentSnapshotId}")];

    private async Task<string[]> BranchesAsync() =>
        [.. (await TablesAsync()).Where(table => table.Metadata.Refs.ContainsKey("audit")).Select(table => table.Identifier.ToString())];

    private async Task<IReadOnlyList<Table>> TablesAsync()
    {
        var tables = new List<Table>();
        foreach (var contract in Datasets.Contracts)
        {
            if (await _lake.Lake.Tables.FindAsync(contract, Token) is { } table)
            {
                tables.Add(table);
            }
        }

        return tables;
    }
}
