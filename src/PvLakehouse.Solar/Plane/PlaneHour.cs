namespace PvLakehouse.Solar.Plane;

/// <summary>How a module plane stood to sun and sky over one hour: what turns hourly means on the horizontal into the mean on the plane.</summary>
/// <param name="BeamRatio">Direct light on the plane over direct light on the horizontal; 0 while the sun is below the horizon.</param>
/// <param name="SkyView">Share of the sky dome that the plane sees, 0.5 upright to 1 flat.</param>
public readonly record struct PlaneHour(double BeamRatio, double SkyView)
{
    // Keeps the ratio finite around sunrise: the sine of 1°, as in pvlib.
    private const double MinimumCosZenith = 0.01745;

    /// <summary>The plane of a mounting over an hour.</summary>
    /// <param name="sun">The sun during the hour.</param>
    /// <param name="mounting">How the modules are held.</param>
    /// <remarks>
    /// Both cosines are averaged over the hour before they are divided, so that the ratio is exact for direct light that stays the
    /// same over the hour, also in an hour in which the sun rises.
    /// </remarks>
    public static PlaneHour Of(HourSun sun, Mounting mounting)
    {
        var (incidence, zenith, view) = (0.0, 0.0, 0.0);
        foreach (var position in sun.Positions)
        {
            var surface = mounting.SurfaceFor(position);
            view += (1 + surface.Up) / 2;
            if (position.Up > 0)
            {
                incidence += Math.Max(surface.CosIncidence(position), 0);
                zenith += position.Up;
            }
        }

        const int n = HourGeometry.SubPoints;
        return new(incidence / Math.Max(zenith, n * MinimumCosZenith), view / n);
    }

    /// <summary>Mean irradiance on the plane [W/m2] after Hay and Davies, from means of the hour on the horizontal.</summary>
    /// <param name="global">Global horizontal irradiance [W/m2].</param>
    /// <param name="direct">Direct irradiance on the horizontal [W/m2].</param>
    /// <param name="diffuse">Diffuse horizontal irradiance [W/m2].</param>
    /// <param name="extraterrestrial">Irradiance on the horizontal above the atmosphere [W/m2].</param>
    /// <param name="albedo">Share of light the ground reflects, 0 to 1.</param>
    /// <remarks>Source: J. E. Hay and J. A. Davies, Proc. First Canadian Solar Radiation Data Workshop, 1980.</remarks>
    public PlaneIrradiance Irradiance(
        double global, double direct, double diffuse, double extraterrestrial, double albedo = Transposition.DefaultAlbedo)
    {
        var anisotropy = extraterrestrial > 0 ? Math.Min(direct / extraterrestrial, 1) : 0;
        return new(
            direct * BeamRatio,
            diffuse * ((anisotropy * BeamRatio) + ((1 - anisotropy) * SkyView)),
            global * albedo * (1 - SkyView));
    }
}
