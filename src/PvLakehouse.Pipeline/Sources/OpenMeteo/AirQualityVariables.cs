namespace PvLakehouse.Pipeline.Sources.OpenMeteo;

/// <summary>The 9 air-quality variables, in the column order of raw_facility_air_quality; all are momentary
/// values.</summary>
/// <remarks>Units after Open-Meteo's documentation of the air-quality API, 2025. The API spells micro as the Greek
/// letter
/// mu (U+03BC).</remarks>
public static class AirQualityVariables
{
    private const string MicrogramPerCubicMetre = "\u03BCg/m³";

    /// <summary>Particles up to 2.5 µm [µg/m³].</summary>
    public static InstantVariable Pm25 { get; } = new(0, "pm2_5", MicrogramPerCubicMetre);

    /// <summary>Particles up to 10 µm [µg/m³].</summary>
    public static InstantVariable Pm10 { get; } = new(1, "pm10", MicrogramPerCubicMetre);

    /// <summary>Saharan and other desert dust [µg/m³].</summary>
    public static InstantVariable Dust { get; } = new(2, "dust", MicrogramPerCubicMetre);

    /// <summary>Nitrogen dioxide [µg/m³].</summary>
    public static InstantVariable NitrogenDioxide { get; } = new(3, "nitrogen_dioxide", MicrogramPerCubicMetre);

    /// <summary>Ozone [µg/m³].</summary>
    public static InstantVariable Ozone { get; } = new(4, "ozone", MicrogramPerCubicMetre);

    /// <summary>Sulphur dioxide [µg/m³].</summary>
    public static InstantVariable SulphurDioxide { get; } = new(5, "sulphur_dioxide", MicrogramPerCubicMetre);

    /// <summary>Carbon monoxide [µg/m³].</summary>
    public static InstantVariable CarbonMonoxide { get; } = new(6, "carbon_monoxide", MicrogramPerCubicMetre);

    /// <summary>Ultraviolet index under the actual sky.</summary>
    public static InstantVariable UvIndex { get; } = new(7, "uv_index", "");

    /// <summary>Ultraviolet index under a clear sky.</summary>
    public static InstantVariable UvIndexClearSky { get; } = new(8, "uv_index_clear_sky", "");

    /// <summary>All of them; each at its <see cref="HourlyVariable.Index"/>.</summary>
    public static IReadOnlyList<HourlyVariable> All { get; } =
        [Pm25, Pm10, Dust, NitrogenDioxide, Ozone, SulphurDioxide, CarbonMonoxide, UvIndex, UvIndexClearSky];
}
