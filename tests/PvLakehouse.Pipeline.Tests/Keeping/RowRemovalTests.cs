using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Keeping.Removal;
using PvLakehouse.Pipeline.Publishing;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Tests.Models;

namespace PvLakehouse.Pipeline.Tests.Keeping;

/// <summary>Deleted rows are gone, stay gone, and nothing else changes.</summary>
public sealed class RowRemovalTests : IAsyncLifetime
{
    private readonly TestLake _lake = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilityAsync("AVLSF", 300, 245);
        await _lake.FacilityAsync("WRSF1", 110, 85);
        await _lake.EnergyAsync(
            // Hours of the network days 1 and 2 December: a day begins at 14:00 UTC of the day before.
            ("AVLSF", "AVLSF1", "2025-11-30T13", 1), ("AVLSF", "AVLSF1", "2025-11-30T14", 2), ("AVLSF", "AVLSF1", "2025-12-01T13", 3),
            ("AVLSF", "AVLSF1", "2025-12-01T14", 4), ("WRSF1", "WRSF11", "2025-12-01T02", 5));
        await _lake.WeatherAsync(("AVLSF", "2025-11-30T14", []), ("AVLSF", "2025-11-30T15", []), ("AVLSF", "2025-12-01T14", []));
        await _lake.AirAsync(("AVLSF", "2025-12-01T00", 5));
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task A_farm_s_days_go_from_all_bronze_tables_by_network_time_and_silver_follows_a_rebuild()
    {
        await _lake.RunAsync();
        var day = new DateOnly(2025, 12, 1);
        await DeleteAsync("AVLSF", new DayRange(day, day));

        Assert.Equal(
            ["AVLSF 2025-11-30T13", "AVLSF 2025-12-01T14", "WRSF1 2025-12-01T02"],
            await _lake.RowsAsync("SELECT facility_code, interval_ts FROM iceberg.bronze.raw_facility_timeseries ORDER BY ALL"));
        // The stamp 14:00 closes the hour before the day; the one of the next day closes the day's last hour.
        Assert.Equal(["2025-11-30T14"], await _lake.RowsAsync("SELECT weather_timestamp FROM iceberg.bronze.raw_facility_weather ORDER BY ALL"));
        Assert.Equal(["0"], await _lake.RowsAsync("SELECT count(*) FROM iceberg.bronze.raw_facility_air_quality"));

        await _lake.RunAsync();
        await RebuildAsync();
        Assert.Equal(
            ["AVLSF 2025-11-30T13", "AVLSF 2025-12-01T14", "WRSF1 2025-12-01T02"],
            await _lake.RowsAsync("SELECT facility_code, date_hour FROM iceberg.silver.clean_hourly_energy ORDER BY ALL"));
        Assert.Equal(["10"], await _lake.RowsAsync("SELECT CAST(sum(energy_mwh) AS INTEGER) FROM iceberg.gold.fact_solar_environmental"));
    }

    [Fact]
    public async Task What_a_table_knows_of_its_days_outlives_a_deletion_and_the_erasure_of_its_history()
    {
        await SilverAsync();
        var table = TableIdentifier.Parse("silver.clean_hourly_energy");
        var before = await PropertiesAsync(table);
        Assert.NotEmpty(before);
        var removal = new RowRemoval(_lake.Lake);
        Assert.Equal(1, await removal.RunAsync(await removal.PlanAsync(table, "facility_code = 'WRSF1'", mayBeAll: false, Token), Token));
        await removal.EraseHistoryAsync(table, Token);

        Assert.Equal(before, await PropertiesAsync(table));
        var left = await _lake.Lake.Catalog.LoadTableAsync(table, Token);
        Assert.Single(left.Metadata.Snapshots);
        Assert.Equal(["AVLSF"], await _lake.RowsAsync("SELECT DISTINCT facility_code FROM iceberg.silver.clean_hourly_energy"));
        // No file of the table holds the farm any more, whatever metadata say.
        Assert.Equal(["AVLSF"], await _lake.RowsAsync(
            $"SELECT DISTINCT facility_code FROM read_parquet('{left.Metadata.Location}/data/**/*.parquet')"));
    }

    [Fact]
    public async Task A_condition_for_every_row_and_one_that_is_no_sql_are_refused_and_a_plan_changes_nothing()
    {
        var table = TableIdentifier.Parse("bronze.raw_facility_timeseries");
        var removal = new RowRemoval(_lake.Lake);
        var snapshot = (await _lake.Lake.Catalog.LoadTableAsync(table, Token)).Metadata.CurrentSnapshotId;
        Assert.Contains("purge", (await Assert.ThrowsAsync<PipelineException>(() => removal.PlanAsync(table, "1 = 1", mayBeAll: false, Token))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<Engine.SqlEngineException>(() => removal.PlanAsync(table, "no_such_column = 1", mayBeAll: false, Token));
        var plan = await removal.PlanAsync(table, "value > 2", mayBeAll: false, Token);
        Assert.Equal((3, 5), (plan.Rows, plan.AllRows));
        Assert.Equal(snapshot, (await _lake.Lake.Catalog.LoadTableAsync(table, Token)).Metadata.CurrentSnapshotId);
    }

    [Fact]
    public async Task A_branch_that_still_holds_the_rows_keeps_the_history_and_is_named()
    {
        var table = TableIdentifier.Parse("bronze.raw_facility_timeseries");
        var loaded = await _lake.Lake.Catalog.LoadTableAsync(table, Token);
        await loaded.ManageSnapshots().CreateBranch("kept", loaded.Metadata.CurrentSnapshotId!.Value).CommitAsync(Token);
        var removal = new RowRemoval(_lake.Lake);
        await removal.RunAsync(await removal.PlanAsync(table, "facility_code = 'WRSF1'", mayBeAll: false, Token), Token);
        Assert.Contains("'kept'", (await Assert.ThrowsAsync<PipelineException>(() => removal.EraseHistoryAsync(table, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_purged_table_leaves_no_file_and_the_next_run_makes_it_anew()
    {
        await SilverAsync();
        var table = TableIdentifier.Parse("silver.clean_hourly_energy");
        var folder = (await _lake.Lake.Catalog.LoadTableAsync(table, Token)).Metadata.Location;
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "leftover.parquet"), "", Token);
        var rows = await _lake.RowsAsync("SELECT facility_code, date_hour, energy_mwh FROM iceberg.silver.clean_hourly_energy ORDER BY ALL");

        var removal = new TableRemoval(_lake.Lake, _lake.Kept.Io);
        Assert.Equal(5, (await removal.PlanAsync(table, Token)).Rows);
        await removal.RunAsync(table, Token);
        Assert.Empty(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));

        await SilverAsync();
        Assert.Equal(rows, await _lake.RowsAsync("SELECT facility_code, date_hour, energy_mwh FROM iceberg.silver.clean_hourly_energy ORDER BY ALL"));
    }

    private async Task DeleteAsync(string farm, DayRange window)
    {
        var removal = new RowRemoval(_lake.Lake);
        foreach (var (table, condition) in await FacilityRows.ConditionsAsync(_lake.Lake, farm, [], window, Token))
        {
            await removal.RunAsync(await removal.PlanAsync(table, condition, mayBeAll: true, Token), Token);
        }
    }

    private async Task SilverAsync()
    {
        foreach (var dataset in (string[])["facility_master", "hourly_weather", "hourly_energy"])
        {
            await _lake.SilverAsync(dataset);
        }
    }

    private Task RebuildAsync() => new AuditedRun(_lake.Lake).RunAsync(
        models => models.RunAllAsync(ModelMode.Full, LoadStrategy.Overwrite, (_, stage) => stage(), Token), (_, stage) => stage(), Token);

    private async Task<Dictionary<string, string>> PropertiesAsync(TableIdentifier table) =>
        (await _lake.Lake.Catalog.LoadTableAsync(table, Token)).CurrentSnapshot!.Summary
            .Where(property => property.Key.StartsWith("pvlake.", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
}
