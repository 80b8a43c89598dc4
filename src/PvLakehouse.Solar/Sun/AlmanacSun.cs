namespace PvLakehouse.Solar.Sun;

/// <summary>The sun's position by the low-precision formulae of the Astronomical Almanac: three sine pairs, no allocation.</summary>
/// <remarks>
/// For series of any length. The direction differs from <see cref="SolarPositionAlgorithm"/> by at most 0.0104° (largest of
/// 20,000 instants between 2000 and 2050 at latitudes up to 60°).
/// Source: The Astronomical Almanac, US Naval Observatory, "Low-precision formulas for the Sun's coordinates"; sidereal time after
/// IAU 1982; parallax of 8.794 arc seconds.
/// </remarks>
public static class AlmanacSun
{
    private const double SecondsPerDay = 86400;
    private const double J2000UnixDays = 10957.5;
    private const double Parallax = 8.794 / 3600 * Angle.RadiansPerDegree;
    private static readonly double SinObliquity = Math.Sin(Angle.Radians(23.439));
    private static readonly double CosObliquity = Math.Cos(Angle.Radians(23.439));

    /// <summary>The position at an instant of any offset.</summary>
    public static SunPosition At(Site site, DateTimeOffset instant) =>
        At(site, (instant.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / (double)TimeSpan.TicksPerSecond);

    /// <summary>The position at a number of seconds since 1970-01-01T00:00Z.</summary>
    public static SunPosition At(Site site, double unixSeconds)
    {
        var days = (unixSeconds / SecondsPerDay) - J2000UnixDays;

        var (sinAnomaly, cosAnomaly) = Math.SinCos(Angle.Radians(357.528 + (0.9856003 * days)));
        var eclipticLongitude = 280.460 + (0.9856474 * days) + (1.915 * sinAnomaly) + (0.040 * sinAnomaly * cosAnomaly);
        var (sinLongitude, cosLongitude) = Math.SinCos(Angle.Radians(eclipticLongitude));
        var distance = 1.00014 - (0.01671 * cosAnomaly) - (0.00014 * ((2 * cosAnomaly * cosAnomaly) - 1));

        // The obliquity shrinks so slowly that its sine and cosine are taken to first order.
        var shrinking = Angle.Radians(4e-7 * days);
        var sinObliquity = SinObliquity - (shrinking * CosObliquity);
        var cosObliquity = CosObliquity + (shrinking * SinObliquity);

        // Unit vector in the equatorial frame: towards the equinox, 90° east of it, and the pole.
        var equinox = cosLongitude;
        var east90 = cosObliquity * sinLongitude;
        var pole = sinObliquity * sinLongitude;

        // Rotated by local sidereal time into meridian (south on the equator), east and pole, then tilted by latitude.
        var (sinSidereal, cosSidereal) = Math.SinCos(Angle.Radians(SiderealTime(days) + site.Longitude));
        var meridian = (equinox * cosSidereal) + (east90 * sinSidereal);
        var east = (east90 * cosSidereal) - (equinox * sinSidereal);
        var up = (site.SinLatitude * pole) + (site.CosLatitude * meridian);
        var north = (site.CosLatitude * pole) - (site.SinLatitude * meridian);

        // The observer stands one Earth radius nearer the sun's zenith point: it looks lower by up to 8.8 arc seconds.
        var scale = 1 + (Parallax * up);
        return new(east * scale, north * scale, (up - Parallax) * scale, distance);
    }

    /// <summary>The positions at many instants, in their order.</summary>
    /// <param name="site">The observer.</param>
    /// <param name="unixSeconds">Seconds since 1970-01-01T00:00Z. Length n.</param>
    /// <param name="positions">Receives the positions. Length n.</param>
    /// <exception cref="ArgumentException">The spans differ in length; nothing was written.</exception>
    public static void At(Site site, ReadOnlySpan<double> unixSeconds, Span<SunPosition> positions)
    {
        Require.SameLength(unixSeconds.Length, positions.Length, nameof(positions));
        for (var i = 0; i < unixSeconds.Length; i++)
        {
            positions[i] = At(site, unixSeconds[i]);
        }
    }

    // Greenwich mean sidereal time [°]; whole turns of the day number are dropped first to keep the digits of the fraction.
    private static double SiderealTime(double days) =>
        280.46061837 + (360 * (days - Math.Floor(days))) + (0.98564736629 * days);
}
