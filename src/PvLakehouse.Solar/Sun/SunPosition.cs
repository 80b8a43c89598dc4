namespace PvLakehouse.Solar.Sun;

/// <summary>Where the sun's centre stands as seen from a site, without refraction, and how far away it is.</summary>
/// <remarks>
/// Kept as a unit vector because everything built on it (angle of incidence, tracker rotation, horizontal irradiance) is a
/// dot product; angles are computed on demand and follow pvlib: azimuth in degrees east of north.
/// </remarks>
/// <param name="East">Component of the direction to the sun towards east, -1 to 1.</param>
/// <param name="North">Component towards north, -1 to 1.</param>
/// <param name="Up">Component towards the zenith: the cosine of the geometric zenith angle, -1 to 1.</param>
/// <param name="Distance">Distance between Earth and sun [astronomical units], 0.983 to 1.017.</param>
public readonly record struct SunPosition(double East, double North, double Up, double Distance)
{
    /// <summary>Total solar irradiance at one astronomical unit [W/m2], the value of ASTM E490 that pvlib uses too.</summary>
    public const double SolarConstant = 1366.1;

    /// <summary>Makes a position from angles.</summary>
    /// <param name="zenith">Geometric zenith angle [°].</param>
    /// <param name="azimuth">Azimuth [°], east of north.</param>
    /// <param name="distance">Distance [astronomical units].</param>
    public static SunPosition FromAngles(double zenith, double azimuth, double distance = 1)
    {
        var (sinZenith, cosZenith) = Math.SinCos(Angle.Radians(zenith));
        var (sinAzimuth, cosAzimuth) = Math.SinCos(Angle.Radians(azimuth));
        return new(sinZenith * sinAzimuth, sinZenith * cosAzimuth, cosZenith, distance);
    }

    /// <summary>Geometric elevation above the horizon [°], -90 to 90.</summary>
    public double Elevation => Angle.Degrees(Math.Asin(Math.Clamp(Up, -1, 1)));

    /// <summary>Geometric zenith angle [°], 0 overhead to 180 underfoot.</summary>
    public double Zenith => 90 - Elevation;

    /// <summary>Azimuth [°], east of north, 0 to 360.</summary>
    public double Azimuth => Angle.Turn(Angle.Degrees(Math.Atan2(East, North)));

    /// <summary>Irradiance on a plane facing the sun above the atmosphere [W/m2].</summary>
    public double ExtraterrestrialNormal => SolarConstant / (Distance * Distance);

    /// <summary>Irradiance on a horizontal plane above the atmosphere [W/m2], 0 while the sun is below the horizon.</summary>
    public double ExtraterrestrialHorizontal => ExtraterrestrialNormal * Math.Max(Up, 0);

    /// <summary>Elevation as it appears through the atmosphere [°].</summary>
    /// <param name="pressure">Air pressure at the site [hPa].</param>
    /// <param name="temperature">Air temperature at the site [°C].</param>
    public double ApparentElevation(double pressure = Refraction.StandardPressure, double temperature = Refraction.StandardTemperature)
    {
        var elevation = Elevation;
        return elevation + Refraction.Lift(elevation, pressure, temperature);
    }

    /// <summary>Zenith angle as it appears through the atmosphere [°].</summary>
    /// <param name="pressure">Air pressure at the site [hPa].</param>
    /// <param name="temperature">Air temperature at the site [°C].</param>
    public double ApparentZenith(double pressure = Refraction.StandardPressure, double temperature = Refraction.StandardTemperature) =>
        90 - ApparentElevation(pressure, temperature);
}
