using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Plane;

/// <summary>Rows that turn about a horizontal north-south axis to follow the sun from east to west.</summary>
/// <remarks>
/// Source: E. Lorenzo et al., Progress in Photovoltaics 19 (6), 2011; K. Anderson and M. Mikofski, NREL/TP-5K00-76626, 2020
/// (backtracking on flat ground). Rotation is positive towards east, so pvlib's <c>tracker_theta</c> with axis azimuth 0.
/// </remarks>
public sealed record SingleAxisTracker : Mounting
{
    private readonly double _limitRadians;

    /// <summary>Creates a tracker.</summary>
    /// <param name="limit">Largest rotation to either side [°], 0 to 90; 52 to 60 is usual.</param>
    /// <param name="groundCoverRatio">Module width over row distance, above 0 to 1, for backtracking; null tracks truly.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range or not a number.</exception>
    public SingleAxisTracker(double limit = 60, double? groundCoverRatio = null)
    {
        Limit = Require.InRange(limit, 0, 90);
        GroundCoverRatio = groundCoverRatio is { } ratio ? Require.InRange(ratio, 0.01, 1, nameof(groundCoverRatio)) : null;
        _limitRadians = Angle.Radians(limit);
    }

    /// <summary>Largest rotation to either side [°].</summary>
    public double Limit { get; }

    /// <summary>Module width over row distance; null when the rows do not backtrack.</summary>
    public double? GroundCoverRatio { get; }

    /// <summary>Rotation about the axis [°]: 0 flat, positive facing east; 0 while the sun is below the horizon.</summary>
    public double Rotation(SunPosition sun) => Angle.Degrees(RotationRadians(sun));

    /// <inheritdoc/>
    public override Surface SurfaceFor(SunPosition sun)
    {
        var (sin, cos) = Math.SinCos(RotationRadians(sun));
        return new(sin, 0, cos);
    }

    private double RotationRadians(SunPosition sun)
    {
        if (sun.Up <= 0)
        {
            return 0;
        }

        var ideal = Math.Atan2(sun.East, sun.Up);
        if (GroundCoverRatio is { } ratio)
        {
            // Rows shade each other once the shadow of one, seen along the axis, is longer than the row distance.
            var clearance = Math.Cos(ideal) / ratio;
            if (clearance < 1)
            {
                ideal -= Math.CopySign(Math.Acos(clearance), ideal);
            }
        }

        return Math.Clamp(ideal, -_limitRadians, _limitRadians);
    }
}
