using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Gold;

/// <summary>
/// Makes what the fact's keys ask of the fact itself: <c>fact_hours</c>, the hours that it holds near the changed ones, and
/// <c>fact_spans</c>, the first and the last of each farm.
/// </summary>
/// <remarks>
/// A farm's hours have no holes. So where it has any near the changed ones, these tell on which side the grid goes on, and the years of
/// other hours need not be read; only a farm without any is looked for in the whole table.
/// </remarks>
internal static class FactSpans
{
    private const string Hours = """
        SELECT facility_code, date_hour FROM added_clean_hourly_energy
        UNION ALL SELECT facility_code, date_hour FROM added_clean_hourly_weather
        UNION ALL SELECT facility_code, date_hour FROM added_clean_hourly_air_quality
        """;

    /// <summary>Reads the <c>added_</c> relations of the fact's sources; when all rows are computed, what the fact held does not
    /// matter.</summary>
    public static async Task StageAsync(Lake lake, ISqlSession session, ModelMode mode, CancellationToken cancellationToken)
    {
        if (mode == ModelMode.Full)
        {
            await StageAsync(session, "fact_hours", $"SELECT * FROM ({SqlText.Read("fact_hours.sql")}) WHERE false", cancellationToken);
            await StageAsync(session, "fact_spans", Spans("fact_hours"), cancellationToken);
            return;
        }

        await session.ExecuteAsync($"CREATE OR REPLACE TEMP VIEW changed_hours AS {Hours}", cancellationToken);
        var near = await RowSpan.OfAsync(
            session,
            """
            WITH touched AS (
              SELECT date_hour FROM changed_hours
              UNION ALL
              -- a new period of a farm's metadata touches all hours since it began, a held day those of any market
              SELECT unnest([effective_from, TIMESTAMPTZ '9999-01-01']) FROM added_clean_facility_master
              UNION ALL
              SELECT CAST(CAST(network_date + unnest([-1, 2]) AS TIMESTAMP) AS TIMESTAMPTZ) FROM added_held_days
            )
            SELECT min(date_hour), max(date_hour) FROM touched
            """,
            cancellationToken);
        await lake.BindAsync(
            session, FactSolarEnvironmental.Contract, FactSolarEnvironmental.Contract.Name,
            near?.Widened(TimeSpan.FromHours(1), TimeSpan.FromHours(1)).On("date_hour"), cancellationToken);
        await StageAsync(session, "fact_hours", SqlText.Read("fact_hours.sql"), cancellationToken);
        await StageAsync(session, "fact_spans", Spans("fact_hours"), cancellationToken);
        const string Far = "SELECT facility_code FROM changed_hours ANTI JOIN fact_spans USING (facility_code)";
        var far = await session.QueryAsync($"{Far} LIMIT 1", parameters: null, cancellationToken);
        if ((await far.ToListAsync(cancellationToken)).Count > 0)
        {
            await lake.BindAsync(session, FactSolarEnvironmental.Contract, cancellationToken);
            await session.ExecuteAsync(
                $"INSERT INTO fact_spans {Spans($"(SELECT * FROM ({SqlText.Read("fact_hours.sql")}) WHERE facility_code IN ({Far}))")}",
                cancellationToken);
        }
    }

    private static string Spans(string hours) =>
        $"SELECT facility_code, min(date_hour) AS first_hour, max(date_hour) AS last_hour FROM {hours} GROUP BY facility_code";

    private static Task StageAsync(ISqlSession session, string name, string select, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE {name} AS {select}", cancellationToken);
}
