using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Gold;
using PvLakehouse.Pipeline.Ops;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Silver;

namespace PvLakehouse.Pipeline.Expectations;

/// <summary>The expectations that follow from what the tables are to each other and to the clock.</summary>
internal static class LakeExpectations
{
    /// <summary>All expectations on some tables, each table's own first.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="now">The clock, for what should be there by now.</param>
    public static IReadOnlyList<Expectation> All(IEnumerable<TableContract> tables, DateTimeOffset now) =>
    [
        .. tables.SelectMany(ContractExpectations.Of),
        Grid(),
        EnergySumsToSilver(),
        EnergySumsToGold(),
        .. Fresh(now),
    ];

    /// <summary>A farm's fact has every hour between its first and its last, known or not.</summary>
    private static Expectation Grid() => new()
    {
        Table = FactSolarEnvironmental.Contract,
        Name = "hour_grid",
        Sql = scope => $"""
            SELECT count(*) FILTER (WHERE hours <> expected), CAST(coalesce(sum(hours), 0) AS BIGINT),
              min(concat('facility_key ', facility_key, ': ', hours, ' of ', expected, ' hours')) FILTER (WHERE hours <> expected)
            FROM (
              SELECT facility_key, count(*) AS hours, date_diff('hour', min(date_hour), max(date_hour)) + 1 AS expected
              FROM fact_solar_environmental WHERE {scope.On("date_hour")} GROUP BY facility_key)
            """,
    };

    /// <summary>Per farm and month, silver has the energy of bronze: the newest value of every interval, each hour of a unit once, and no other.</summary>
    private static Expectation EnergySumsToSilver() => new()
    {
        Table = CleanHourlyEnergy.Contract,
        Name = "energy_equals_bronze",
        Needs = [RawFacilityTimeseries.Contract],
        Months = scope => $"""
            SELECT utc_month(interval_ts) AS month, count(*)
            FROM raw_facility_timeseries
            WHERE metric = 'energy' AND {scope.WithHourAfter.On("interval_ts")}
            GROUP BY month ORDER BY month
            """,
        Sql = scope => $"""
            WITH newest AS (
              SELECT facility_code, unit_code, "interval", hour_of_interval(network_id, "interval", interval_ts) AS date_hour, interval_ts,
                arg_max(value, ROW(ingested_at, ingest_batch_id)) FILTER (WHERE value IS NOT NULL) AS last_known,
                arg_max(CASE WHEN value IS NULL THEN 0 ELSE 1 END, ROW(ingested_at, ingest_batch_id)) AS is_known,
                max(ingested_at) AS received
              FROM raw_facility_timeseries
              WHERE metric = 'energy' AND {scope.WithHourAfter.On("interval_ts")}
                AND {scope.On("hour_of_interval(network_id, \"interval\", interval_ts)")}
              GROUP BY ALL
            ),
            told AS (
              SELECT facility_code, unit_code, date_hour, "interval", sum(CASE WHEN is_known = 1 THEN last_known END) AS mwh,
                CAST(sum(is_known) AS DOUBLE) / max(intervals_per_hour("interval")) AS share, max(received) AS received, count(*) AS n
              FROM newest GROUP BY ALL
            ),
            bronze AS (
              SELECT facility_code, utc_month(date_hour) AS month, sum(mwh) AS mwh, CAST(sum(n) AS BIGINT) AS n
              FROM (
                SELECT facility_code, date_hour, sum(n) AS n,
                  arg_max(mwh, ROW(share, received, intervals_per_hour("interval"))) AS mwh
                FROM told GROUP BY facility_code, unit_code, date_hour)
              GROUP BY facility_code, month
            ),
            silver AS (
              SELECT facility_code, utc_month(date_hour) AS month, sum(energy_mwh) AS mwh
              FROM clean_hourly_energy WHERE {scope.On("date_hour")} GROUP BY facility_code, month
            ),
            compared AS (
              SELECT coalesce(b.facility_code, s.facility_code) AS facility_code, coalesce(b.month, s.month) AS month,
                b.mwh AS bronze_mwh, s.mwh AS silver_mwh, coalesce(b.n, 0) AS n,
                abs(coalesce(b.mwh, 0) - coalesce(s.mwh, 0)) > 1e-6 * greatest(1, abs(coalesce(b.mwh, 0))) AS differs
              FROM bronze b FULL JOIN silver s ON s.facility_code = b.facility_code AND s.month = b.month
            )
            SELECT count(*) FILTER (WHERE differs), CAST(coalesce(sum(n), 0) AS BIGINT),
              min(concat(
                facility_code, ' ', strftime(utc_clock(month), '%Y-%m'), ': bronze ', round(bronze_mwh, 3), ' MWh, silver ',
                round(silver_mwh, 3))) FILTER (WHERE differs)
            FROM compared
            """,
    };

    /// <summary>Per farm, gold has the energy of silver, held days apart.</summary>
    private static Expectation EnergySumsToGold() => new()
    {
        Table = FactSolarEnvironmental.Contract,
        Name = "energy_equals_silver",
        Needs = [CleanHourlyEnergy.Contract, DimFacility.Contract, HeldDays.Contract],
        Sql = scope => $"""
            WITH held AS (
              SELECT h.facility_code, network_day_start(h.network_date, h.network_id) AS first_hour,
                network_day_start(h.network_date, h.network_id) + INTERVAL '24' HOUR AS behind
              FROM (
                SELECT d.facility_code, d.network_date, any_value(m.network_id) AS network_id
                FROM held_days d JOIN dim_facility m ON m.facility_code = d.facility_code
                WHERE d.{HeldDays.IsHeld} GROUP BY d.facility_code, d.network_date) h
            ),
            gold AS (
              SELECT d.facility_code, sum(f.energy_mwh) AS mwh, count(*) AS n
              FROM fact_solar_environmental f JOIN dim_facility d ON d.facility_key = f.facility_key
              WHERE {scope.On("f.date_hour")} AND NOT EXISTS (
                SELECT 1 FROM held h WHERE h.facility_code = d.facility_code AND f.date_hour >= h.first_hour AND f.date_hour < h.behind)
              GROUP BY d.facility_code
            ),
            silver AS (
              SELECT facility_code, sum(CAST(energy_mwh AS DECIMAL(12,6))) AS mwh
              FROM clean_hourly_energy e WHERE {scope.On("date_hour")} AND NOT EXISTS (
                SELECT 1 FROM held h WHERE h.facility_code = e.facility_code AND e.date_hour >= h.first_hour AND e.date_hour < h.behind)
              GROUP BY facility_code
            ),
            compared AS (
              SELECT coalesce(g.facility_code, s.facility_code) AS facility_code, g.mwh AS gold_mwh, s.mwh AS silver_mwh, coalesce(g.n, 0) AS n,
                coalesce(g.mwh, 0) <> coalesce(s.mwh, 0) AS differs
              FROM gold g FULL JOIN silver s ON s.facility_code = g.facility_code
            )
            SELECT count(*) FILTER (WHERE differs), CAST(coalesce(sum(n), 0) AS BIGINT),
              min(concat(facility_code, ': silver ', silver_mwh, ' MWh, gold ', gold_mwh)) FILTER (WHERE differs)
            FROM compared
            """,
    };

    /// <summary>Yesterday is there, by the clock of each network; the WEM publishes a day later. A farm that stopped is not late, its network is.</summary>
    private static IEnumerable<Expectation> Fresh(DateTimeOffset now)
    {
        foreach (var table in (TableContract[])[CleanHourlyEnergy.Contract, CleanHourlyWeather.Contract, CleanHourlyAirQuality.Contract])
        {
            var wemDays = table == CleanHourlyEnergy.Contract ? 1 : 0;
            yield return new()
            {
                Table = table,
                Name = "fresh",
                Otherwise = CheckStatus.Warn,
                OfTheClock = true,
                Needs = [CleanFacilityMaster.Contract],
                Sql = _ => $"""
                    WITH due AS (
                      SELECT network_id,
                        network_day_start(network_date({Instants.Literal(now)}, network_id), network_id) - CASE WHEN network_id = 'WEM' THEN {wemDays} ELSE 0 END * INTERVAL '24' HOUR
                          - INTERVAL '1' HOUR AS last_hour
                      FROM (SELECT DISTINCT network_id FROM clean_facility_master)
                    ),
                    newest AS (
                      SELECT m.network_id, max(t.date_hour) AS last_hour, count(*) AS n
                      FROM {table.Name} t JOIN clean_facility_master m ON m.facility_code = t.facility_code AND m.is_current
                      GROUP BY m.network_id
                    )
                    SELECT count(*) FILTER (WHERE n.last_hour < d.last_hour), CAST(coalesce(sum(n.n), 0) AS BIGINT),
                      min(concat(n.network_id, ' ends with ', n.last_hour, ', expected ', d.last_hour)) FILTER (WHERE n.last_hour < d.last_hour)
                    FROM newest n JOIN due d ON d.network_id = n.network_id
                    """,
            };
        }
    }
}
