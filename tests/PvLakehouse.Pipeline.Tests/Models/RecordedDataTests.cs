using System.Globalization;

namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>What the real APIs returned for nine farms in October and November 2025, replayed from the API to gold.</summary>
[Collection(nameof(RecordedLake))]
public sealed class RecordedDataTests(RecordedLake recordings)
{
    private TestLake Lake => recordings.Lake;

    [Fact]
    public async Task Every_recorded_value_of_the_window_reaches_bronze_and_the_sums_reach_gold()
    {
        var recorded = RecordedFiles.Energy();

        var bronze = await Lake.RowsAsync(
            "SELECT facility_code, interval_start, value FROM iceberg.bronze.raw_facility_timeseries WHERE value IS NOT NULL ORDER BY ALL");
        Assert.Equal(
            recorded.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Farm} {row.Start} {row.Mwh}"))
                .Order(StringComparer.Ordinal),
            bronze.Order(StringComparer.Ordinal));

        // Gold has all of it but the days that are held; which those are is the subject of RecordedVerdictsTests.
        var held = await Lake.RowsAsync("SELECT facility_code, CAST(network_date AS VARCHAR) FROM iceberg.ops.held_days");
        var gold = await Lake.RowsAsync(
            """
            SELECT d.facility_code, CAST(round(sum(f.energy_mwh), 4) AS DECIMAL(18,4))
            FROM iceberg.gold.fact_solar_environmental f JOIN iceberg.gold.dim_facility d ON d.facility_key = f.facility_key
            GROUP BY 1 ORDER BY 1
            """);
        Assert.Equal(
            recorded.Where(row => !held.Contains($"{row.Farm} {row.Day}"))
                .GroupBy(row => row.Farm).OrderBy(farm => farm.Key, StringComparer.Ordinal)
                .Select(farm => string.Create(CultureInfo.InvariantCulture, $"{farm.Key} {farm.Sum(row => row.Mwh):0.0000}")),
            gold);
    }

    [Fact]
    public async Task Hours_are_right_across_the_start_of_daylight_saving()
    {
        // Sydney and Melbourne, 5 October 2025: 2:00 becomes 3:00 at 2025-10-04T16Z. Brisbane keeps UTC+10.
        Assert.Equal(
            [
                "AVLSF 2025-10-04T15 2025-10-05T01", "AVLSF 2025-10-04T16 2025-10-05T03",
                "EMERASF 2025-10-04T15 2025-10-05T01", "EMERASF 2025-10-04T16 2025-10-05T02",
            ],
            await Lake.RowsAsync(
                """
                SELECT d.facility_code, f.date_hour, f.local_date_hour
                FROM iceberg.gold.fact_solar_environmental f JOIN iceberg.gold.dim_facility d ON d.facility_key = f.facility_key
                WHERE d.facility_code IN ('AVLSF', 'EMERASF')
                  AND f.date_hour BETWEEN TIMESTAMPTZ '2025-10-04 15:00:00+00' AND TIMESTAMPTZ '2025-10-04 16:00:00+00'
                ORDER BY ALL
                """));
    }

    [Fact]
    public async Task Every_farm_has_every_hour_of_the_49_days_and_the_missing_ones_say_so()
    {
        Assert.Equal(["9 1176 1176"], await Lake.RowsAsync(
            """
            SELECT count(*), min(hours), max(hours)
            FROM (SELECT facility_key, count(*) AS hours FROM iceberg.gold.fact_solar_environmental GROUP BY 1)
            """));
        // 2025-10-28T04:00+10:00 is missing in every farm's recording.
        Assert.Equal(["9 0 BAD"], await Lake.RowsAsync(
            """
            SELECT count(*), count(energy_mwh), max(quality_flag)
            FROM iceberg.gold.fact_solar_environmental WHERE date_hour = TIMESTAMPTZ '2025-10-27 18:00:00+00'
            """));
    }

    [Fact]
    public async Task Impossible_energy_is_bad_and_auxiliary_load_is_not()
    {
        // The doubled days of November exceed what the connections let through; the nights of HUGSF draw some 0.3 MWh.
        Assert.Equal(["true"], await Lake.RowsAsync(
            "SELECT count(*) > 100 FROM iceberg.silver.clean_hourly_energy WHERE quality_issues LIKE '%OVER_CAPACITY%'"));
        Assert.Equal(["true 0"], await Lake.RowsAsync(
            """
            SELECT count(*) > 100, count(CASE WHEN quality_flag = 'BAD' THEN 1 END)
            FROM iceberg.silver.clean_hourly_energy WHERE facility_code = 'HUGSF' AND energy_mwh < 0
            """));
    }
}
