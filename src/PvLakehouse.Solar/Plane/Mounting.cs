using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Plane;

/// <summary>How modules are held: fixed, or turning about one axis.</summary>
public abstract record Mounting
{
    private protected Mounting()
    {
    }

    /// <summary>The module plane with the sun at a position.</summary>
    public abstract Surface SurfaceFor(SunPosition sun);
}

/// <summary>Modules that never move.</summary>
public sealed record FixedTilt : Mounting
{
    private readonly Surface _surface;

    /// <summary>Creates a fixed mounting.</summary>
    /// <param name="tilt">Angle from the horizontal [°], 0 to 90.</param>
    /// <param name="azimuth">Direction the modules face [°], east of north, 0 to 360; 0 is best in Australia.</param>
    /// <exception cref="ArgumentOutOfRangeException">An angle is outside its range or not a number.</exception>
    public FixedTilt(double tilt, double azimuth)
    {
        Tilt = Require.InRange(tilt, 0, 90);
        Azimuth = Require.InRange(azimuth, 0, 360);
        _surface = Surface.FromAngles(tilt, azimuth);
    }

    /// <summary>Angle from the horizontal [°].</summary>
    public double Tilt { get; }

    /// <summary>Direction the modules face [°], east of north.</summary>
    public double Azimuth { get; }

    /// <inheritdoc/>
    public override Surface SurfaceFor(SunPosition sun) => _surface;
}
