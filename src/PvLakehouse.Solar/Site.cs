using PvLakehouse.Solar.Sky;

namespace PvLakehouse.Solar;

/// <summary>A point on the ground from which the sun is seen.</summary>
public sealed record Site
{
    /// <summary>Creates a site from WGS84 coordinates.</summary>
    /// <param name="latitude">Latitude [°], north positive, -90 to 90.</param>
    /// <param name="longitude">Longitude [°], east positive, -180 to 180.</param>
    /// <param name="altitude">Height above mean sea level [m], -500 to 9000; 0 when not known.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range or not a number.</exception>
    public Site(double latitude, double longitude, double altitude = 0)
    {
        Latitude = Require.InRange(latitude, -90, 90);
        Longitude = Require.InRange(longitude, -180, 180);
        Altitude = Require.InRange(altitude, -500, 9000);
        StandardPressure = Airmass.StandardPressure(altitude);
        (SinLatitude, CosLatitude) = Math.SinCos(Angle.Radians(latitude));
    }

    /// <summary>Latitude [°], north positive.</summary>
    public double Latitude { get; }

    /// <summary>Longitude [°], east positive.</summary>
    public double Longitude { get; }

    /// <summary>Height above mean sea level [m].</summary>
    public double Altitude { get; }

    /// <summary>Pressure of the standard atmosphere here [hPa].</summary>
    internal double StandardPressure { get; }

    internal double SinLatitude { get; }

    internal double CosLatitude { get; }
}
