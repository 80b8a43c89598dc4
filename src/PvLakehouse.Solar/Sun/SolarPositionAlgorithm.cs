namespace PvLakehouse.Solar.Sun;

/// <summary>NREL's solar position algorithm (SPA), the reference against which faster formulae are held.</summary>
/// <remarks>
/// <para>The authors state ±0.0003° from the year -2000 to 6000. About a hundred times slower than <see cref="AlmanacSun"/>.</para>
/// <para>Source: I. Reda and A. Andreas, "Solar position algorithm for solar radiation applications", Solar Energy 76 (5),
/// 2004, and NREL/TP-560-34302, revised 2008. Step numbers in comments are the report's.</para>
/// </remarks>
public static class SolarPositionAlgorithm
{
    /// <summary>Terrestrial time minus universal time [s] assumed when none is given: the value of the 2020s to within one second.</summary>
    public const double DefaultDeltaT = 69.2;

    /// <summary>The topocentric position at an instant, without refraction.</summary>
    /// <param name="site">The observer; altitude counts (parallax).</param>
    /// <param name="instant">The instant, any offset.</param>
    /// <param name="deltaT">Terrestrial time minus universal time [s]; one second of error moves the sun by 0.00001°.</param>
    public static SunPosition At(Site site, DateTimeOffset instant, double deltaT = DefaultDeltaT)
    {
        var geocentric = GeocentricSun.At(instant, deltaT);

        // 3.10-3.11: local hour angle.
        var hourAngle = Angle.Radians(Angle.Turn(geocentric.SiderealTime + site.Longitude - geocentric.RightAscension));
        var declination = Angle.Radians(geocentric.Declination);
        var (sinHour, cosHour) = Math.SinCos(hourAngle);
        var (sinDeclination, cosDeclination) = Math.SinCos(declination);

        // 3.12: parallax of an observer on the ellipsoid.
        var sinParallax = Math.Sin(Angle.Radians(8.794 / (3600 * geocentric.Radius)));
        var reduced = Math.Atan(0.99664719 * Math.Tan(Angle.Radians(site.Latitude)));
        var x = Math.Cos(reduced) + (site.Altitude / 6378140 * site.CosLatitude);
        var y = (0.99664719 * Math.Sin(reduced)) + (site.Altitude / 6378140 * site.SinLatitude);
        var shift = Math.Atan2(-x * sinParallax * sinHour, cosDeclination - (x * sinParallax * cosHour));
        var topocentricDeclination = Math.Atan2(
            (sinDeclination - (y * sinParallax)) * Math.Cos(shift), cosDeclination - (x * sinParallax * cosHour));

        // 3.13-3.15: topocentric hour angle, elevation and azimuth, here as a vector.
        var (sinTopoHour, cosTopoHour) = Math.SinCos(hourAngle - shift);
        var (sinTopo, cosTopo) = Math.SinCos(topocentricDeclination);
        return new(
            East: -cosTopo * sinTopoHour,
            North: (site.CosLatitude * sinTopo) - (site.SinLatitude * cosTopo * cosTopoHour),
            Up: (site.SinLatitude * sinTopo) + (site.CosLatitude * cosTopo * cosTopoHour),
            Distance: geocentric.Radius);
    }
}
