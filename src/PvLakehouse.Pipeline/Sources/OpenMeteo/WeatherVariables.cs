namespace PvLakehouse.Pipeline.Sources.OpenMeteo;

/// <summary>The 21 weather variables, in the column order of raw_facility_weather.</summary>
/// <remarks>Units are Open-Meteo's defaults, as no unit parameter is sent; wind is in km/h. Time conventions after
/// Open-Meteo's documentation of the historical weather API, 2025.</remarks>
public static class WeatherVariables
{
    /// <summary>Global horizontal irradiance, mean of the preceding hour [W/m²].</summary>
    public static PrecedingHourVariable ShortwaveRadiation { get; } = new(0, "shortwave_radiation", "W/m²", isSum: false);

    /// <summary>Direct irradiance on the horizontal plane, mean of the preceding hour [W/m²].</summary>
    public static PrecedingHourVariable DirectRadiation { get; } = new(1, "direct_radiation", "W/m²", isSum: false);

    /// <summary>Diffuse horizontal irradiance, mean of the preceding hour [W/m²].</summary>
    public static PrecedingHourVariable DiffuseRadiation { get; } = new(2, "diffuse_radiation", "W/m²", isSum: false);

    /// <summary>Direct normal irradiance, mean of the preceding hour [W/m²].</summary>
    public static PrecedingHourVariable DirectNormalIrradiance { get; } =
        new(3, "direct_normal_irradiance", "W/m²", isSum: false);

    /// <summary>Extraterrestrial irradiance on the horizontal plane, mean of the preceding hour [W/m²].</summary>
    public static PrecedingHourVariable TerrestrialRadiation { get; } = new(4, "terrestrial_radiation", "W/m²", isSum: false);

    /// <summary>Air temperature at 2 m [°C].</summary>
    public static InstantVariable Temperature { get; } = new(5, "temperature_2m", "°C");

    /// <summary>Dew point at 2 m [°C].</summary>
    public static InstantVariable DewPoint { get; } = new(6, "dew_point_2m", "°C");

    /// <summary>Total cloud cover [%].</summary>
    public static InstantVariable CloudCover { get; } = new(7, "cloud_cover", "%");

    /// <summary>Low cloud cover [%].</summary>
    public static InstantVariable CloudCoverLow { get; } = new(8, "cloud_cover_low", "%");

    /// <summary>Medium cloud cover [%].</summary>
    public static InstantVariable CloudCoverMid { get; } = new(9, "cloud_cover_mid", "%");

    /// <summary>High cloud cover [%].</summary>
    public static InstantVariable CloudCoverHigh { get; } = new(10, "cloud_cover_high", "%");

    /// <summary>Precipitation, sum of the preceding hour [mm].</summary>
    public static PrecedingHourVariable Precipitation { get; } = new(11, "precipitation", "mm", isSum: true);

    /// <summary>1 by day, 0 by night.</summary>
    public static InstantVariable IsDay { get; } = new(12, "is_day", "");

    /// <summary>Sunshine in the preceding hour [s].</summary>
    public static PrecedingHourVariable SunshineDuration { get; } = new(13, "sunshine_duration", "s", isSum: true);

    /// <summary>Water vapour in the air column [kg/m²].</summary>
    public static InstantVariable WaterVapour { get; } = new(14, "total_column_integrated_water_vapour", "kg/m²");

    /// <summary>Height of the boundary layer [m].</summary>
    public static InstantVariable BoundaryLayerHeight { get; } = new(15, "boundary_layer_height", "m");

    /// <summary>Wind gusts at 10 m, of the indicated hour [km/h].</summary>
    public static InstantVariable WindGusts { get; } = new(16, "wind_gusts_10m", "km/h");

    /// <summary>Wet-bulb temperature at 2 m [°C].</summary>
    public static InstantVariable WetBulbTemperature { get; } = new(17, "wet_bulb_temperature_2m", "°C");

    /// <summary>Wind speed at 10 m [km/h].</summary>
    public static InstantVariable WindSpeed { get; } = new(18, "wind_speed_10m", "km/h");

    /// <summary>Direction the wind blows from at 10 m [°], clockwise from north.</summary>
    public static InstantVariable WindDirection { get; } = new(19, "wind_direction_10m", "°");

    /// <summary>Pressure reduced to mean sea level [hPa].</summary>
    public static InstantVariable Pressure { get; } = new(20, "pressure_msl", "hPa");

    /// <summary>All of them; each at its <see cref="HourlyVariable.Index"/>.</summary>
    public static IReadOnlyList<HourlyVariable> All { get; } =
    [
        ShortwaveRadiation, DirectRadiation, DiffuseRadiation, DirectNormalIrradiance, TerrestrialRadiation,
        Temperature, DewPoint, CloudCover, CloudCoverLow, CloudCoverMid, CloudCoverHigh, Precipitation, IsDay,
        SunshineDuration, WaterVapour, BoundaryLayerHeight, WindGusts, WetBulbTemperature, WindSpeed, WindDirection, Pressure,
    ];
}
