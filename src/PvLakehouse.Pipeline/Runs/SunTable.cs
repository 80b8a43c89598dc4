using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Solar;
using PvLakehouse.Solar.Limits;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>Stages <c>sun</c>: for each affected farm hour, where the sun stood and what the sky could give at most.</summary>
/// <remarks>SQL has no solar geometry; computed here for exactly the keys, it joins like any other table.</remarks>
internal static class SunTable
{
    private static readonly StagedColumn[] Columns =
    [
        new("facility_code", IcebergType.String),
        new("date_hour", IcebergType.TimestampTz),
        new("sun_elevation_max", IcebergType.Double),
        new("cos_zenith", IcebergType.Double),
        new("ghi_limit", IcebergType.Double),
        new("dhi_limit", IcebergType.Double),
        new("dni_limit", IcebergType.Double),
    ];

    /// <summary>Reads <c>keys</c> and <c>facility_periods</c> of the session and stages <c>sun</c>.</summary>
    public static async Task StageAsync(ISqlSession session, CancellationToken cancellationToken)
    {
        var result = await session.QueryAsync(
            """
            SELECT k.facility_code, k.date_hour, CAST(m.location_lat AS DOUBLE) AS latitude, CAST(m.location_lng AS DOUBLE) AS longitude
            FROM keys k
            JOIN facility_periods m
              ON m.facility_code = k.facility_code AND k.date_hour >= m.valid_from AND k.date_hour < m.valid_to
            WHERE m.location_lat IS NOT NULL AND m.location_lng IS NOT NULL
            ORDER BY k.facility_code, k.date_hour
            """,
            parameters: null, cancellationToken);
        // Read to the end first: a session runs one statement at a time, and staging is the next.
        var keys = await result.ToListAsync(cancellationToken);
        await session.StageAsync("sun", Columns, Rows(keys).ToAsyncEnumerable(), cancellationToken);
    }

    private static IEnumerable<object?[]> Rows(IReadOnlyList<object?[]> keys)
    {
        Site? site = null;
        foreach (var row in keys)
        {
            var (latitude, longitude) = ((double)row[2]!, (double)row[3]!);
            site = site is not null && site.Latitude.Equals(latitude) && site.Longitude.Equals(longitude)
                ? site
                : new Site(latitude, longitude);
            var hour = UtcHour.StartingAt(Instants.From(row[1]));
            var sun = HourGeometry.Of(site, hour);
            yield return
            [
                row[0], row[1], sun.MaxElevation, sun.MeanCosZenith,
                QcRad.Global(QcRadLimit.PhysicallyPossible, sun.MeanCosZenith, sun.ExtraterrestrialNormal).High,
                QcRad.Diffuse(QcRadLimit.PhysicallyPossible, sun.MeanCosZenith, sun.ExtraterrestrialNormal).High,
                QcRad.DirectNormal(QcRadLimit.PhysicallyPossible, sun.MeanCosZenith, sun.ExtraterrestrialNormal).High,
            ];
        }
    }
}
