using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Solar;
using PvLakehouse.Solar.Limits;
using PvLakehouse.Solar.Plane;
using PvLakehouse.Solar.Power;
using PvLakehouse.Solar.Sun;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>Stages <c>sun</c>: for each affected farm hour, where the sun stood, how the modules stood to it and what the sky could give at most.</summary>
/// <remarks>SQL has no solar geometry; computed here for exactly the keys, it joins like any other table.</remarks>
internal static class SunTable
{
    private const int HoursPerBatch = 8192;

    // As the macros dc_nameplate and dc_capacity have it.
    private const double LeastDcAcRatio = 1.05;
    private const double UsualDcAcRatio = 1.2;

    private static readonly Dictionary<string, Func<FarmHourSun, double>> Quantities = new(StringComparer.Ordinal)
    {
        ["sun_elevation"] = hour => hour.Geometry.MeanElevation,
        ["sun_east"] = hour => hour.Middle.East,
        ["sun_north"] = hour => hour.Middle.North,
        ["sun_elevation_min"] = hour => hour.Geometry.MinElevation,
        ["sun_elevation_max"] = hour => hour.Geometry.MaxElevation,
        ["cos_zenith"] = hour => hour.Geometry.MeanCosZenith,
        ["ghi_limit"] = hour => QcRad.Global(QcRadLimit.PhysicallyPossible, hour.Geometry.MeanCosZenith, hour.Geometry.ExtraterrestrialNormal).High,
        ["dhi_limit"] = hour => QcRad.Diffuse(QcRadLimit.PhysicallyPossible, hour.Geometry.MeanCosZenith, hour.Geometry.ExtraterrestrialNormal).High,
        ["dni_limit"] = hour => QcRad.DirectNormal(QcRadLimit.PhysicallyPossible, hour.Geometry.MeanCosZenith, hour.Geometry.ExtraterrestrialNormal).High,
        ["extraterrestrial_ghi"] = hour => hour.Geometry.ExtraterrestrialHorizontal,
        ["clear_sky_ghi"] = hour => hour.Geometry.ClearSkyGlobal,
        ["beam_ratio"] = hour => hour.Plane.BeamRatio,
        ["sky_view"] = hour => hour.Plane.SkyView,
        ["clear_sky_energy_share"] = hour => ClearSkyEnergy.Share(hour.Sun, hour.Model),
        ["energy_limit_share"] = hour => FarmEnergy.UpperBoundShare(hour.Sun, Math.Clamp(hour.DcAcRatio ?? 0, FarmEnergy.GenerousDcAcRatio, 10)),
    };

    /// <summary>Reads <c>keys</c> and <c>facility_periods</c> of the session and stages <c>sun</c>: farm, hour, and the quantities.</summary>
    /// <param name="session">The session.</param>
    /// <param name="quantities">Names of what is wanted; nothing else is computed.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async Task StageAsync(ISqlSession session, IReadOnlyList<string> quantities, CancellationToken cancellationToken)
    {
        var wanted = quantities.Select(name => Quantities[name]).ToArray();
        var farms = new List<Farm>();
        var known = new Dictionary<Farm, int>();
        var hours = new List<FarmHour>();
        // Read to the end first, in eight bytes an hour: a session runs one statement at a time, and staging is the next.
        await using (var result = await session.QueryAsync(
            """
            SELECT k.facility_code, k.date_hour, CAST(m.location_lat AS DOUBLE), CAST(m.location_lng AS DOUBLE),
              CAST(m.total_capacity_registered_mw / nullif(m.total_capacity_maximum_mw, 0) AS DOUBLE)
            FROM (SELECT DISTINCT facility_code, date_hour FROM keys) k
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

        StagedColumn[] columns =
        [
            new("facility_code", IcebergType.String), new("date_hour", IcebergType.TimestampTz),
            .. quantities.Select(name => new StagedColumn(name, IcebergType.Double)),
        ];
        await session.StageAsync("sun", columns, RowsAsync(farms, hours, wanted, cancellationToken), cancellationToken);
    }

    // Computed by all cores a few batches ahead of the one that is being staged.
    private static async IAsyncEnumerable<object?[]> RowsAsync(
        List<Farm> farms, List<FarmHour> hours, Func<FarmHourSun, double>[] wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pending = new Queue<Task<object?[][]>>();
        for (var first = 0; first < hours.Count || pending.Count > 0; first += HoursPerBatch)
        {
            if (first < hours.Count)
            {
                var (from, to) = (first, Math.Min(first + HoursPerBatch, hours.Count));
                pending.Enqueue(Task.Run(() => Rows(farms, hours, from, to, wanted), cancellationToken));
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

    private static object?[][] Rows(List<Farm> farms, List<FarmHour> hours, int from, int to, Func<FarmHourSun, double>[] wanted)
    {
        var rows = new object?[to - from][];
        var (current, sun) = (-1, (FarmHourSun?)null);
        for (var i = from; i < to; i++)
        {
            var farm = farms[hours[i].Farm];
            if (sun is null || hours[i].Farm != current)
            {
                (current, sun) = (hours[i].Farm, new FarmHourSun(farm));
            }

            sun.MoveTo(hours[i].Hour);
            rows[i - from] = [farm.Code, sun.Sun.Hour.Start, .. wanted.Select(quantity => (object?)quantity(sun))];
        }

        return rows;
    }

    private sealed record Farm(string Code, double Latitude, double Longitude, double? DcAcRatio);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct FarmHour(int Farm, UtcHour Hour);

    /// <summary>The sun over one hour of a farm; what is not asked for is not computed.</summary>
    private sealed class FarmHourSun(Farm farm)
    {
        private HourGeometry? _geometry;
        private PlaneHour? _plane;
        private PvModel? _model;

        public HourSun Sun { get; } = new(new Site(farm.Latitude, farm.Longitude));

        public double? DcAcRatio => farm.DcAcRatio;

        /// <summary>A farm of 1 MW on the assumed plane.</summary>
        public PvModel Model => _model ??= new(new()
        {
            CapacityAcMw = 1,
            CapacityDcMw = DcAcRatio >= LeastDcAcRatio ? DcAcRatio.Value : UsualDcAcRatio,
            Mounting = AssumedPlane.Mounting,
        });

        /// <summary>The middle of the five minutes after half past.</summary>
        public SunPosition Middle => Sun.Positions[HourGeometry.SubPoints / 2];

        public HourGeometry Geometry => _geometry ??= HourGeometry.Of(Sun);

        public PlaneHour Plane => _plane ??= PlaneHour.Of(Sun, AssumedPlane.Mounting);

        public void MoveTo(UtcHour hour)
        {
            Sun.At(hour);
            (_geometry, _plane) = (null, null);
        }
    }
}
