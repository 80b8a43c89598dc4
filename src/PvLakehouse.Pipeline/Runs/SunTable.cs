using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Solar;
using PvLakehouse.Solar.Limits;
using PvLakehouse.Solar.Plane;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>Stages <c>sun</c>: for each affected farm hour, where the sun stood, how the modules stood to it and what the sky could give at most.</summary>
/// <remarks>SQL has no solar geometry; computed here for exactly the keys, it joins like any other table.</remarks>
internal static class SunTable
{
    private const int HoursPerBatch = 8192;

    private static readonly StagedColumn[] Columns =
    [
        new("facility_code", IcebergType.String),
        new("date_hour", IcebergType.TimestampTz),
        new("sun_elevation_min", IcebergType.Double),
        new("sun_elevation_max", IcebergType.Double),
        new("cos_zenith", IcebergType.Double),
        new("ghi_limit", IcebergType.Double),
        new("dhi_limit", IcebergType.Double),
        new("dni_limit", IcebergType.Double),
        new("extraterrestrial_ghi", IcebergType.Double),
        new("clear_sky_ghi", IcebergType.Double),
        new("beam_ratio", IcebergType.Double),
        new("sky_view", IcebergType.Double),
        new("energy_limit_share", IcebergType.Double),
    ];

    /// <summary>Reads <c>keys</c> and <c>facility_periods</c> of the session and stages <c>sun</c>.</summary>
    public static async Task StageAsync(ISqlSession session, CancellationToken cancellationToken)
    {
        var farms = new List<Farm>();
        var known = new Dictionary<Farm, int>();
        var hours = new List<FarmHour>();
        // Read to the end first, in eight bytes an hour: a session runs one statement at a time, and staging is the next.
        await using (var result = await session.QueryAsync(
            """
            SELECT k.facility_code, k.date_hour, CAST(m.location_lat AS DOUBLE), CAST(m.location_lng AS DOUBLE),
              CAST(m.total_capacity_registered_mw / nullif(m.total_capacity_maximum_mw, 0) AS DOUBLE)
            FROM keys k
            JOIN facility_periods m
              ON m.facility_code = k.facility_code AND k.date_hour >= m.valid_from AND k.date_hour < m.valid_to
            WHERE m.location_lat BETWEEN -90 AND 90 AND m.location_lng BETWEEN -180 AND 180
            ORDER BY k.facility_code, k.date_hour
            """,
            parameters: null, cancellationToken))
        {
            await foreach (var row in result.ReadAsync().WithCancellation(cancellationToken))
            {
                var farm = new Farm((string)row[0]!, (double)row[2]!, (double)row[3]!, (double?)row[4]);
                if (!known.TryGetValue(farm, out var index))
                {
                    known.Add(farm, index = farms.Count);
                    farms.Add(farm);
                }

                hours.Add(new(index, UtcHour.StartingAt(Instants.From(row[1]))));
            }
        }

        await session.StageAsync("sun", Columns, RowsAsync(farms, hours, cancellationToken), cancellationToken);
    }

    // Computed by all cores a few batches ahead of the one that is being staged.
    private static async IAsyncEnumerable<object?[]> RowsAsync(
        List<Farm> farms, List<FarmHour> hours, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pending = new Queue<Task<object?[][]>>();
        for (var first = 0; first < hours.Count || pending.Count > 0; first += HoursPerBatch)
        {
            if (first < hours.Count)
            {
                var (from, to) = (first, Math.Min(first + HoursPerBatch, hours.Count));
                pending.Enqueue(Task.Run(() => Rows(farms, hours, from, to), cancellationToken));
                if (pending.Count <= Environment.ProcessorCount && to < hours.Count)
                {
                    continue;
                }
            }

            foreach (var row in await pending.Dequeue())
            {
                yield return row;
            }
        }
    }

    private static object?[][] Rows(List<Farm> farms, List<FarmHour> hours, int from, int to)
    {
        var rows = new object?[to - from][];
        var (current, sun) = (-1, (HourSun?)null);
        for (var i = from; i < to; i++)
        {
            var farm = farms[hours[i].Farm];
            if (sun is null || hours[i].Farm != current)
            {
                (current, sun) = (hours[i].Farm, new HourSun(new Site(farm.Latitude, farm.Longitude)));
            }

            rows[i - from] = Row(farm, sun.At(hours[i].Hour));
        }

        return rows;
    }

    private static object?[] Row(Farm farm, HourSun sun)
    {
        var hour = HourGeometry.Of(sun);
        var plane = PlaneHour.Of(sun, AssumedPlane.Mounting);
        var (cosZenith, normal) = (hour.MeanCosZenith, hour.ExtraterrestrialNormal);
        return
        [
            farm.Code, sun.Hour.Start, hour.MinElevation, hour.MaxElevation, cosZenith,
            QcRad.Global(QcRadLimit.PhysicallyPossible, cosZenith, normal).High,
            QcRad.Diffuse(QcRadLimit.PhysicallyPossible, cosZenith, normal).High,
            QcRad.DirectNormal(QcRadLimit.PhysicallyPossible, cosZenith, normal).High,
            hour.ExtraterrestrialHorizontal, hour.ClearSkyGlobal, plane.BeamRatio, plane.SkyView,
            FarmEnergy.UpperBoundShare(sun, Math.Clamp(farm.DcAcRatio ?? 0, FarmEnergy.GenerousDcAcRatio, 10)),
        ];
    }

    private sealed record Farm(string Code, double Latitude, double Longitude, double? DcAcRatio);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct FarmHour(int Farm, UtcHour Hour);
}
