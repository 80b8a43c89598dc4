using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Ops;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Holding;

/// <summary>Makes <c>published_energy</c>: silver's energy with held farm-days as gold may show them.</summary>
internal static class PublishedEnergy
{
    /// <summary>The issue that every hour of a held farm-day has in gold.</summary>
    public const string Issue = "ENERGY_HELD";

    /// <summary>Reads <c>clean_hourly_energy</c>, <c>held_days</c> and <c>keys</c> of the session.</summary>
    public static async Task StageAsync(Lake lake, ISqlSession session, CancellationToken cancellationToken)
    {
        var result = await session.QueryAsync(
            $"""
            SELECT facility_code, network_date, kept_known_at
            FROM held_days
            WHERE {HeldDays.IsHeld} AND kept_known_at IS NOT NULL
              AND network_date BETWEEN (SELECT CAST(utc_clock(min(date_hour)) AS DATE) - 1 FROM keys)
                AND (SELECT CAST(utc_clock(max(date_hour)) AS DATE) + 1 FROM keys)
            """,
            parameters: null, cancellationToken);
        var versions = (await result.ToListAsync(cancellationToken))
            .ToDictionary(row => new FarmDay((string)row[0]!, (DateOnly)row[1]!), row => Instants.From(row[2]));
        IReadOnlyList<object?[]> hours = [];
        if (versions.Count > 0)
        {
            await using var earlier = await VersionSession.OpenAsync(lake, versions, cancellationToken);
            hours = await earlier.HoursAsync(cancellationToken);
        }

        await session.StageAsync(
            "kept_hours",
            [.. VersionSession.Columns.Select(column => new StagedColumn(column.Name, IcebergType.Parse(column.Type)))],
            hours.ToAsyncEnumerable(),
            cancellationToken);
        await session.ExecuteAsync(
            $"""
            CREATE OR REPLACE TEMP VIEW published_energy AS
            WITH held AS (
              SELECT DISTINCT facility_code, network_date FROM held_days WHERE {HeldDays.IsHeld}
            )
            SELECT e.* REPLACE (
              CASE WHEN h.facility_code IS NULL THEN e.energy_mwh ELSE k.energy_mwh END AS energy_mwh,
              CASE WHEN h.facility_code IS NULL THEN e.intervals_count ELSE coalesce(k.intervals_count, 0) END AS intervals_count,
              CASE WHEN h.facility_code IS NULL THEN e.is_valid ELSE coalesce(k.is_valid, false) END AS is_valid,
              CASE WHEN h.facility_code IS NULL THEN e.quality_flag WHEN k.is_valid THEN 'WARNING' ELSE 'BAD' END AS quality_flag,
              CASE WHEN h.facility_code IS NULL THEN e.quality_issues ELSE concat_ws('|', '{Issue}', nullif(k.quality_issues, '')) END AS quality_issues)
            FROM clean_hourly_energy e
            LEFT JOIN held h ON h.facility_code = e.facility_code AND h.network_date = e.network_date
            LEFT JOIN kept_hours k ON k.facility_code = e.facility_code AND k.date_hour = e.date_hour
            """,
            cancellationToken);
    }
}
