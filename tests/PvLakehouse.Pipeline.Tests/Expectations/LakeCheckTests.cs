using PvLakehouse.Pipeline.Expectations;
using PvLakehouse.Pipeline.Tests.Models;

namespace PvLakehouse.Pipeline.Tests.Expectations;

/// <summary>Each expectation is met by what the models make and broken by the write that it is there to find.</summary>
public sealed class LakeCheckTests(LakeCheckTests.CheckedLake made) : IClassFixture<LakeCheckTests.CheckedLake>
{
    private const string Fact = "gold.fact_solar_environmental";
    private const string Energy = "silver.clean_hourly_energy";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_models_make_meets_every_expectation_and_is_only_late()
    {
        var results = await CheckAsync(made.Lake);

        Assert.Equal([$"{Energy} fresh"], results.Where(result => result.Status > CheckStatus.Info).Select(Name));
        // A key, values, references and sums of every kind of table are among what passed.
        Assert.Subset(
            results.Where(result => result.Status == CheckStatus.Pass).Select(Name).ToHashSet(),
            new HashSet<string>
            {
                $"{Fact} unique_key", $"{Fact} not_null", $"{Fact} hour_grid", $"{Fact} facility_key_known", $"{Fact} energy_equals_silver",
                $"{Energy} quality_flag_accepted", $"{Energy} energy_equals_bronze", "gold.dim_facility unique_key",
            });
    }

    [Theory]
    [InlineData($"INSERT INTO iceberg.{Fact} SELECT * FROM iceberg.{Fact} WHERE energy_mwh = 90", $"{Fact} unique_key", 1)]
    [InlineData($"DELETE FROM iceberg.{Fact} WHERE energy_mwh = 90", $"{Fact} hour_grid", 1)]
    [InlineData($"UPDATE iceberg.{Fact} SET facility_key = 99 WHERE energy_mwh = 95", $"{Fact} facility_key_known", 1)]
    [InlineData($"UPDATE iceberg.{Fact} SET energy_mwh = 90.000001 WHERE energy_mwh = 90", $"{Fact} energy_equals_silver", 1)]
    [InlineData($"UPDATE iceberg.{Energy} SET quality_flag = 'FINE'", $"{Energy} quality_flag_accepted", 3)]
    [InlineData($"UPDATE iceberg.{Energy} SET energy_mwh = energy_mwh + 1 WHERE energy_mwh = 90", $"{Energy} energy_equals_bronze", 1)]
    [InlineData($"DELETE FROM iceberg.{Energy} WHERE energy_mwh = 90", $"{Energy} energy_equals_bronze", 1)]
    public async Task A_write_past_the_models_is_found(string sql, string check, long violations)
    {
        var table = check[..check.IndexOf(' ', StringComparison.Ordinal)];
        var before = (await made.Lake.RowsAsync($"SELECT snapshot_id FROM iceberg.{table.Replace(".", ".\"", StringComparison.Ordinal)}$refs\" WHERE name = 'main'")).Single();
        await RunAsync(made.Lake, sql);

        var found = Assert.Single(await CheckAsync(made.Lake), result => Name(result) == check);

        await RunAsync(made.Lake, $"CALL iceberg.system.rollback_to_snapshot('iceberg.{table}', {before})");
        Assert.Equal((CheckStatus.Fail, violations), (found.Status, found.Violations));
        Assert.NotNull(found.Sample);
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(1)] // a month after the other
    public async Task Energy_that_moved_from_a_month_to_another_is_missed_in_both(long rowsOfSlice)
    {
        await using var lake = new TestLake { RowsOfSlice = rowsOfSlice };
        await lake.InitializeAsync();
        await lake.FacilityAsync("AVLSF", 254.1, 190);
        await lake.EnergyAsync(
            ("AVLSF", "AVLSF1", "2025-01-31T23", 10), ("AVLSF", "AVLSF1", "2025-02-01T00", 20), ("AVLSF", "AVLSF1", "2025-03-01T01", 30));
        await lake.RunAsync();
        await RunAsync(lake, $"UPDATE iceberg.{Energy} SET energy_mwh = 15 WHERE energy_mwh < 25");

        var found = Assert.Single(await CheckAsync(lake), result => Name(result) == $"{Energy} energy_equals_bronze");

        Assert.Equal((2, 3), (found.Violations, found.RowsChecked));
        Assert.Equal("AVLSF 2025-01: bronze 10.0 MWh, silver 15.0", found.Sample);
    }

    [Fact]
    public async Task What_has_come_since_the_last_run_is_no_contradiction()
    {
        await using var own = new CheckedLake();
        await own.InitializeAsync();
        var lake = own.Lake;
        await lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T03", 70));
        Assert.DoesNotContain(await CheckAsync(lake), result => result.Status == CheckStatus.Fail);

        // Gold has not seen it yet.
        await lake.SilverAsync("hourly_energy");
        Assert.DoesNotContain(await CheckAsync(lake), result => result.Status == CheckStatus.Fail);

        // Without the silver that gold was made of there is nothing to compare it with.
        await RunAsync(lake, $"CALL iceberg.system.expire_snapshots('iceberg.{Energy}', TIMESTAMP '2030-01-01 00:00:00')");

        var sum = Assert.Single(await CheckAsync(lake), result => Name(result) == $"{Fact} energy_equals_silver");
        Assert.Equal(CheckStatus.Warn, sum.Status);
        Assert.Contains("what it was made of has expired", sum.Sample, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-01-01T23:00", CheckStatus.Pass)] // 09:00 of 2 January in the market: the day before ends with 13:00 UTC
    [InlineData("2025-01-02T14:00", CheckStatus.Warn)] // 3 January has begun there, and nothing of the 2nd is there
    public async Task A_table_is_late_by_the_calendar_of_its_market(string now, CheckStatus expected)
    {
        await using var lake = new TestLake();
        await lake.InitializeAsync();
        await lake.FacilityAsync("AVLSF", 254.1, 190);
        await lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T13", 0));
        await lake.RunAsync();
        var then = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.Parse($"{now}:00Z", System.Globalization.CultureInfo.InvariantCulture));

        var results = await new LakeCheck(lake.Lake with { Clock = then }).FindAsync(LakeCheck.TablesOf("clean_hourly_energy"), Token);

        Assert.Equal(expected, Assert.Single(results, result => result.Check == "fresh").Status);
    }

    [Fact]
    public async Task Results_have_a_history_and_the_same_again_is_no_news()
    {
        await using var own = new CheckedLake();
        await own.InitializeAsync();
        var lake = own.Lake;
        var check = new LakeCheck(lake.Lake);
        await check.RunAsync(LakeCheck.TablesOf(Energy), Token);
        await check.RunAsync(LakeCheck.TablesOf(Energy), Token);
        Assert.Equal(["1"], await lake.RowsAsync("SELECT count(DISTINCT check_run_id) FROM iceberg.ops.quality_results"));

        await lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T03", -30));
        await lake.RunAsync();
        await check.RunAsync(LakeCheck.TablesOf(Energy), Token);

        Assert.Equal(["0 3", "1 4"], await lake.RowsAsync(
            "SELECT violations, rows_checked FROM iceberg.ops.quality_results WHERE check_name = 'NEGATIVE_ENERGY' ORDER BY checked_at"));
    }

    [Fact]
    public void A_table_that_does_not_exist_is_refused_by_name() =>
        Assert.Contains(
            "There is no table 'gold.facts'; there are bronze.raw_facilities,",
            Assert.Throws<PipelineException>(() => LakeCheck.TablesOf("gold.facts")).Message, StringComparison.Ordinal);

    private static string Name(CheckResult result) => $"{result.Table} {result.Check}";

    private static Task<IReadOnlyList<CheckResult>> CheckAsync(TestLake lake) => new LakeCheck(lake.Lake).FindAsync(LakeCheck.TablesOf(table: null), Token);

    private static async Task RunAsync(TestLake lake, string sql)
    {
        await using var session = await lake.Lake.Engine.OpenSessionAsync(Token);
        await session.RunAsync(sql, parameters: null, Token);
    }

    /// <summary>Three hours of a farm, and what the models make of them.</summary>
    public sealed class CheckedLake : IAsyncLifetime
    {
        public TestLake Lake { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Lake.InitializeAsync();
            await Lake.FacilityAsync("AVLSF", 254.1, 190);
            await Lake.EnergyAsync(
                ("AVLSF", "AVLSF1", "2025-01-01T00", 80), ("AVLSF", "AVLSF1", "2025-01-01T01", 90), ("AVLSF", "AVLSF1", "2025-01-01T02", 95));
            await Lake.RunAsync();
        }

        public ValueTask DisposeAsync() => Lake.DisposeAsync();
    }
}
