using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Tests.Lakes;

namespace PvLakehouse.Forecasting.Tests.Features;

/// <summary>The values of features, looked up a second time by other queries.</summary>
public sealed class FeatureValueTests(SimulatedLake lake)
{
    private const string Energy = """
        (SELECT d.facility_code, f.date_hour, CASE WHEN f.is_valid THEN CAST(f.energy_mwh / f.ac_capacity_mw AS DOUBLE) END AS share
         FROM iceberg.gold.fact_solar_environmental f JOIN iceberg.gold.dim_facility d USING (facility_key))
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_hour_with_sun_has_six_forecasts_within_the_day_two_of_the_next_day_and_six_of_later_days()
    {
        Assert.Equal(
            ["day_ahead_10 1 true", "day_ahead_16 1 true", "days_2_7 6 true", "intraday 6 true"],
            await RowsAsync(
                """
                SELECT horizon, max(n), bool_and(n = CASE WHEN horizon LIKE 'day_ahead%' THEN 1 ELSE 6 END) FROM (
                  SELECT facility_code, horizon, date_hour, count(*) AS n FROM iceberg.ml.forecast_features GROUP BY ALL)
                GROUP BY horizon ORDER BY horizon
                """));
        // 10:00 and 16:00 of the market: 00 and 06 UTC in the east, 02 and 08 in the west; hours of the next day end 15 to 38 and 9 to 32 h later.
        Assert.Equal(
            [
                "AVLSF day_ahead_10 0 0", "AVLSF day_ahead_16 6 6", "AVLSF days_2_7 0 0", "MERSOLAR day_ahead_10 2 2", "MERSOLAR day_ahead_16 8 8",
                "MERSOLAR days_2_7 2 2",
            ],
            await RowsAsync(
                """
                SELECT facility_code, horizon, min(hour(issued_at AT TIME ZONE 'UTC')), max(hour(issued_at AT TIME ZONE 'UTC'))
                FROM iceberg.ml.forecast_features WHERE horizon LIKE 'day%' AND facility_code <> 'LIMOSF2' GROUP BY ALL ORDER BY ALL
                """));
        Assert.Equal(
            ["true"],
            await RowsAsync(
                """
                SELECT bool_and(lead_hours BETWEEN CASE horizon WHEN 'intraday' THEN 1 WHEN 'day_ahead_10' THEN 15 WHEN 'day_ahead_16' THEN 9 ELSE 39 END
                  AND CASE horizon WHEN 'intraday' THEN 6 WHEN 'day_ahead_10' THEN 38 WHEN 'day_ahead_16' THEN 32 ELSE 182 END)
                FROM iceberg.ml.forecast_features
                """));
    }

    [Fact]
    public async Task The_forecast_is_the_newest_whose_hour_and_the_next_were_known()
    {
        // The same by brute force: of all leads of which both hours were known at the issue, the smallest.
        Assert.Equal(
            ["true true"],
            await RowsAsync(
                """
                SELECT bool_and(f.weather_lead IS NOT DISTINCT FROM known.lead OR known.lead IS NULL), bool_and(f.forecast_ghi IS NOT DISTINCT FROM known.ghi)
                FROM iceberg.ml.forecast_features f
                LEFT JOIN (
                  SELECT f.facility_code, f.horizon, f.issued_at, f.date_hour, min(w.lead_days) AS lead, arg_min(w.shortwave_radiation, w.lead_days) AS ghi
                  FROM iceberg.ml.forecast_features f
                  JOIN iceberg.silver.clean_weather_forecast w ON w.facility_code = f.facility_code AND w.date_hour = f.date_hour
                  JOIN iceberg.silver.clean_weather_forecast after ON after.facility_code = f.facility_code AND after.lead_days = w.lead_days
                    AND after.date_hour = f.date_hour + INTERVAL 1 HOUR
                  WHERE w.known_at <= f.issued_at AND after.known_at <= f.issued_at
                  GROUP BY ALL) known
                  ON known.facility_code = f.facility_code AND known.horizon = f.horizon AND known.issued_at = f.issued_at AND known.date_hour = f.date_hour
                """));
    }

    [Fact]
    public async Task The_past_is_looked_up_by_time()
    {
        // Issued at t, a farm of the NEM knows the hour [t - 1 h, t), one of the WEM that of a day before.
        Assert.Equal(
            ["0 true"],
            await RowsAsync(
                $"""
                SELECT count(*) FILTER (WHERE f.newest_energy_share IS DISTINCT FROM e.share OR f.newest_energy_share_2h IS DISTINCT FROM before.share
                    OR f.same_hour_energy_share IS DISTINCT FROM same.share),
                  count(f.newest_energy_share) > 1000 AND count(f.same_hour_energy_share) > 1000
                FROM (SELECT *, CASE WHEN facility_code = '{SimulatedLake.Wem}' THEN 24 ELSE 0 END AS delay FROM iceberg.ml.forecast_features) f
                LEFT JOIN {Energy} e ON e.facility_code = f.facility_code AND e.date_hour = f.issued_at - (1 + delay) * INTERVAL 1 HOUR
                LEFT JOIN {Energy} before ON before.facility_code = f.facility_code AND before.date_hour = f.issued_at - (3 + delay) * INTERVAL 1 HOUR
                LEFT JOIN {Energy} same ON same.facility_code = f.facility_code
                  AND same.date_hour = f.date_hour - 24 * CAST(ceil((f.lead_hours + delay) / 24) AS INTEGER) * INTERVAL 1 HOUR
                """));
    }

    [Fact]
    public async Task A_target_is_the_hours_valid_energy_and_a_held_day_has_none()
    {
        Assert.Equal(
            ["0"],
            await RowsAsync(
                $"""
                SELECT count(*) FROM iceberg.ml.forecast_features f
                LEFT JOIN {Energy} e ON e.facility_code = f.facility_code AND e.date_hour = f.date_hour
                WHERE f.target_share IS DISTINCT FROM e.share
                """));
        // There are such hours in these weeks, so the rule is seen at work.
        Assert.NotEqual(["0"], await RowsAsync("SELECT count(*) FROM iceberg.ml.forecast_features WHERE target_share IS NULL"));
        Assert.Equal(["0"], await RowsAsync("SELECT count(*) FROM iceberg.ml.forecast_features WHERE is_available AND target_share IS NULL"));
    }

    [Fact]
    public async Task Nothing_was_known_after_the_issue_and_the_snapshot_tells_its_sources()
    {
        // Of the first days nothing was known: there was no energy yet, and no forecast.
        Assert.Equal(["0 false"], await RowsAsync(
            """
            SELECT count(*) FILTER (WHERE known_at > issued_at), bool_or(known_at IS NULL AND date_hour >= TIMESTAMPTZ '2025-01-10 00:00:00+00')
            FROM iceberg.ml.forecast_features
            """));
        Assert.Equal(
            ["gold.dim_facility", "gold.fact_solar_environmental", "silver.clean_facility_master", "silver.clean_weather_forecast"],
            lake.Features.Sources.Keys.Order(StringComparer.Ordinal));
        var table = await lake.Lake.Catalog.LoadTableAsync(FeatureTable.Contract.Identifier, Token);
        var summary = table.Metadata.FindSnapshot(lake.Features.SnapshotId)!.Summary;
        Assert.Equal("default", summary[FeatureTable.SetProperty]);
        Assert.Contains($"gold.dim_facility={lake.Features.Sources["gold.dim_facility"]},", summary[FeatureTable.SourcesProperty], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_issue_makes_the_rows_that_the_table_has_of_it()
    {
        var issue = new DateTimeOffset(2025, 2, 25, 0, 0, 0, TimeSpan.Zero);

        var (rows, _) = await new FeatureBuilder(lake.Lake, FeatureCatalogue.Default).OfIssuesAsync(
            Horizon.DayAheadMorning,
            new() { Issued = IssueWindow.Newest(Horizon.DayAheadMorning, issue), Facilities = [SimulatedLake.Nem] }, Token);

        await using var session = await lake.Lake.Engine.OpenSessionAsync(Token);
        var table = await ForecastRows.ReadAsync(
            session,
            $"iceberg.ml.forecast_features WHERE horizon = 'day_ahead_10' AND facility_code = '{SimulatedLake.Nem}' AND issued_at = TIMESTAMPTZ '2025-02-25 00:00:00+00'",
            FeatureCatalogue.Default.Learned,
            Token);
        Assert.InRange(rows.Hours.Count, 13, 16);
        Assert.Equal(table.Hours.Select(hour => hour.DateHour), rows.Hours.Select(hour => hour.DateHour));
        Assert.Equal(table.Features.Values.ToArray(), rows.Features.Values.ToArray());
    }

    private Task<string[]> RowsAsync(string sql) => lake.Files.RowsAsync(sql);
}
