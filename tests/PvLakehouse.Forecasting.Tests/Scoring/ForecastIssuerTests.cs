using PvLakehouse.Engine;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Scoring;
using PvLakehouse.Forecasting.Tests.Lakes;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Tests.Scoring;

/// <summary>From a champion to gold.fact_solar_forecast_regression.</summary>
public sealed class ForecastIssuerTests(IssuingLake lake) : IClassFixture<IssuingLake>
{
    private const string Columns = "* EXCLUDE (created_at, updated_at)";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_day_of_each_market_is_forecast_and_the_actuals_arrive_later()
    {
        // The newest issue in both markets: 10:00 in the west is two hours after 10:00 in the east.
        var outcome = await lake.IssueAsync(new(2025, 2, 11, 3, 0, 0, TimeSpan.Zero));

        Assert.Equal(0, outcome.Kept);
        const string newest = "issued_at >= TIMESTAMPTZ '2025-02-11 00:00:00+00'";
        // All of it lies in the market day after the issue: from 14:00 UTC in the east, from 16:00 UTC in the west.
        Assert.Equal(
            [$"{SimulatedLake.Nem} 2025-02-11 00:00 true", $"{SimulatedLake.Wem} 2025-02-11 02:00 true"],
            await lake.RowsAsync(
                $"""
                SELECT facility_code, strftime(timezone('UTC', max(issued_at)), '%Y-%m-%d %H:%M'), bool_and(date_hour BETWEEN
                  CASE facility_code WHEN '{SimulatedLake.Wem}' THEN TIMESTAMPTZ '2025-02-11 16:00:00+00' ELSE TIMESTAMPTZ '2025-02-11 14:00:00+00' END AND
                  CASE facility_code WHEN '{SimulatedLake.Wem}' THEN TIMESTAMPTZ '2025-02-12 15:00:00+00' ELSE TIMESTAMPTZ '2025-02-12 13:00:00+00' END)
                FROM iceberg.ml.issued_forecasts WHERE {newest} GROUP BY ALL ORDER BY 1
                """));
        await new LakeModels(lake.Lake).RunForecastsAsync(Token);
        const string fact = $"iceberg.gold.fact_solar_forecast_regression WHERE {newest}";
        Assert.Equal(
            [$"{outcome.Issued} 0 0 true"],
            await lake.RowsAsync($"SELECT count(*), count(actual_energy_mwh), count(absolute_error), bool_and(q10_energy_mwh <= q90_energy_mwh) FROM {fact}"));

        // The next days arrive: the run fills in what happened, and changes no forecast.
        var forecast = await lake.RowsAsync($"SELECT {Columns} FROM iceberg.ml.issued_forecasts WHERE {newest} ORDER BY ALL");
        await lake.Farms.LoadAsync(new(new(2025, 2, 12), new(2025, 2, 14)));

        Assert.Equal(forecast, await lake.RowsAsync($"SELECT {Columns} FROM iceberg.ml.issued_forecasts WHERE {newest} ORDER BY ALL"));
        // By hand: forecast less actual, its distance, that over the actual and over what the capacity gives in an hour.
        Assert.Equal(
            ["0"],
            await lake.RowsAsync(
                """
                SELECT count(*) FROM iceberg.gold.fact_solar_forecast_regression f
                JOIN iceberg.gold.fact_solar_environmental a ON a.facility_key = f.facility_key AND a.date_hour = f.date_hour
                WHERE a.is_valid AND (f.actual_energy_mwh IS DISTINCT FROM a.energy_mwh
                  OR f.error_mwh IS DISTINCT FROM f.predicted_energy_mwh - a.energy_mwh
                  OR f.absolute_error IS DISTINCT FROM abs(f.predicted_energy_mwh - a.energy_mwh)
                  OR abs(f.percentage_error - 100.0 * f.absolute_error / a.energy_mwh) > 0.0001
                  OR abs(f.capacity_error - 100.0 * f.absolute_error / f.ac_capacity_mw) > 0.0001
                  OR f.is_in_band <> (a.energy_mwh >= f.q10_energy_mwh AND a.energy_mwh <= f.q90_energy_mwh))
                """));
        Assert.Equal(["true"], await lake.RowsAsync($"SELECT count(absolute_error) > 20 FROM {fact}"));
        Assert.Equal(
            ["true"],
            await lake.RowsAsync(
                $"""
                SELECT count(*) = 0 FROM iceberg.gold.fact_solar_environmental a JOIN iceberg.gold.dim_facility d ON d.facility_key = a.facility_key
                JOIN iceberg.ml.issued_forecasts i ON i.facility_code = d.facility_code AND i.date_hour = a.date_hour
                LEFT JOIN iceberg.gold.fact_solar_forecast_regression f
                  ON f.facility_key = a.facility_key AND f.date_hour = a.date_hour AND f.issued_at = i.issued_at
                WHERE a.is_valid AND f.actual_energy_mwh IS NULL
                """));
    }

    [Fact]
    public async Task What_was_issued_stays_as_it_was_and_joins_the_version_that_said_it()
    {
        var at = new DateTimeOffset(2025, 2, 9, 3, 0, 0, TimeSpan.Zero);
        var first = await lake.IssueAsync(at);
        var all = $"SELECT {Columns} FROM iceberg.ml.issued_forecasts WHERE issued_at < TIMESTAMPTZ '2025-02-10 00:00:00+00' ORDER BY ALL";
        var forecast = await lake.RowsAsync(all);

        var again = await lake.IssueAsync(at);

        Assert.Equal(0, again.Issued);
        Assert.Equal(first.Issued, again.Kept);
        Assert.Equal(forecast, await lake.RowsAsync(all));

        // A second version becomes the champion and forecasts the same hours; the first keeps its key and its rows.
        await new LakeModels(lake.Lake).RunForecastsAsync(Token);
        var second = await lake.TrainAsync();
        await lake.Services.Registry.PromoteAsync(second.Version.Name, second.Version.Version, ModelAlias.Champion, "for the test", Token);
        var next = await lake.IssueAsync(at);

        Assert.Equal(second.Version.Version, next.Version.Version);
        Assert.Equal(first.Issued, next.Issued);
        await new LakeModels(lake.Lake).RunForecastsAsync(Token);
        Assert.Equal(
            [$"1 pv-energy-day_ahead_10 1 ridge false {first.Issued}", $"2 pv-energy-day_ahead_10 2 ridge true {first.Issued}"],
            await lake.RowsAsync(
                """
                SELECT v.model_version_id, v.model_name, v.model_version, v.learner, v.is_champion, count(*)
                FROM iceberg.gold.fact_solar_forecast_regression f JOIN iceberg.gold.dim_model_version v ON v.model_version_id = f.model_version_id
                WHERE f.issued_at < TIMESTAMPTZ '2025-02-10 00:00:00+00'
                GROUP BY ALL ORDER BY 1
                """));
    }

    [Fact]
    public async Task A_farm_without_capacity_is_named_and_the_others_are_forecast()
    {
        var at = new DateTimeOffset(2025, 2, 5, 3, 0, 0, TimeSpan.Zero);
        await using var session = await lake.Lake.Engine.OpenSessionAsync(Token);
        var master = TableIdentifier.Parse("silver.clean_facility_master");
        await session.BindAsync("before", new TableAt(master, (await lake.Lake.Catalog.LoadTableAsync(master, Token)).CurrentSnapshot!.SnapshotId), Token);
        var byPeriod = new MergeOptions { KeyColumns = ["facility_code", "effective_from"] };
        await session.MergeAsync(
            master,
            $"""
            SELECT * REPLACE (CAST(NULL AS DECIMAL(10,4)) AS total_capacity_maximum_mw, CAST(NULL AS DECIMAL(10,4)) AS total_capacity_registered_mw)
            FROM before WHERE facility_code = '{SimulatedLake.Wem}'
            """,
            byPeriod, Token);
        try
        {
            var outcome = await lake.IssueAsync(at);
            var alone = await Assert.ThrowsAsync<ForecastingException>(() => new ForecastIssuer(lake.Lake, lake.Services).RunAsync(
                IssuingLake.Request(at) with { Facilities = [SimulatedLake.Wem] }, Token));

            var note = $"{SimulatedLake.Wem} has no capacity, so nothing can be forecast for it.";
            Assert.Equal([note], outcome.Notes);
            Assert.EndsWith(note, alone.Message, StringComparison.Ordinal);
            Assert.Equal(
                [SimulatedLake.Nem],
                await lake.RowsAsync("SELECT DISTINCT facility_code FROM iceberg.ml.issued_forecasts WHERE issued_at < TIMESTAMPTZ '2025-02-06 00:00:00+00'"));
        }
        finally
        {
            await session.MergeAsync(master, "SELECT * FROM before", byPeriod, Token);
        }
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_named()
    {
        var unknown = await Assert.ThrowsAsync<ForecastingException>(() => new ForecastIssuer(lake.Lake, lake.Services).RunAsync(IssuingLake.Request(IssuingLake.Newest) with { Version = 7 }, Token));
        var without = await Assert.ThrowsAsync<ForecastingException>(
            () => new ForecastIssuer(lake.Lake, lake.Services).RunAsync(IssuingLake.Request(IssuingLake.Newest) with { Horizon = Horizon.Intraday }, Token));

        Assert.Equal("There is no version 7 of the model pv-energy-day_ahead_10; 'pvlake ml models' lists those that there are.", unknown.Message);
        Assert.Equal("The model pv-energy-intraday has no champion: train one with 'pvlake ml train --horizon intraday'.", without.Message);
    }

    [Fact]
    public async Task Hours_whose_weather_nobody_forecast_are_not_forecast()
    {
        var later = IssuingLake.Request(IssuingLake.Newest.AddDays(20));

        var nothing = await Assert.ThrowsAsync<ForecastingException>(() => new ForecastIssuer(lake.Lake, lake.Services).RunAsync(later, Token));

        Assert.StartsWith("The lake has no weather forecast that was known for any hour", nothing.Message, StringComparison.Ordinal);
    }
}
