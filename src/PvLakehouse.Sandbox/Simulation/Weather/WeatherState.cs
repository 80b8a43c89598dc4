namespace PvLakehouse.Sandbox.Simulation.Weather;

/// <summary>The slow part of the weather at one place and instant; everything hourly or faster is computed from it.</summary>
internal readonly record struct WeatherState
{
    /// <summary>Air temperature at 2 m [°C].</summary>
    internal double Temperature { get; init; }

    /// <summary>Dew point at 2 m [°C], never above the temperature.</summary>
    internal double DewPoint { get; init; }

    /// <summary>Wind speed at 10 m [m/s].</summary>
    internal double Wind { get; init; }

    /// <summary>Wind gust at 10 m [m/s], never below the speed.</summary>
    internal double Gust { get; init; }

    /// <summary>Direction the wind comes from [°], east of north.</summary>
    internal double WindDirection { get; init; }

    /// <summary>Pressure at mean sea level [hPa].</summary>
    internal double PressureMsl { get; init; }

    /// <summary>Cloud layers.</summary>
    internal CloudLayers Clouds { get; init; }

    /// <summary>Rate of precipitation [mm/h].</summary>
    internal double RainRate { get; init; }

    /// <summary>Linke turbidity of the clear sky.</summary>
    internal double Turbidity { get; init; }

    /// <summary>Water vapour of the column [kg/m2].</summary>
    internal double WaterVapour { get; init; }
}
