namespace PvLakehouse.Forecasting.Features;

/// <summary>The features that models are made of unless somebody brings others.</summary>
public static class FeatureCatalogue
{
    // Forecasts reach seven days ahead. Of the second to seventh day the newest run is at least three days old, so that four are before it.
    private static readonly (int Days, string Name, string Meaning)[] EarlierRuns =
    [
        (1, "earlier", "a day"), (2, "second_earlier", "two days"), (3, "third_earlier", "three days"), (4, "fourth_earlier", "four days"),
    ];

    /// <summary>All of them.</summary>
    public static FeatureSet Default { get; } = new("default", [.. Sun(), .. Farm(), .. Calendar(), .. Lead(), .. Weather(), .. Air(), .. Lags()]);

    private static IEnumerable<Feature> Sun()
    {
        const FeatureCategory category = FeatureCategory.SolarGeometry;
        yield return Of("sun_elevation", "°", category, "Geometric elevation of the sun, mean of the hour", FeatureRelation.Sun);
        yield return Of("sun_east", "1", category, "East component of the direction to the sun in the middle of the hour; negative after noon", FeatureRelation.Sun);
        yield return Of("sun_north", "1", category, "North component of the direction to the sun in the middle of the hour", FeatureRelation.Sun);
        yield return Of("extraterrestrial_ghi", "W/m²", category, "Irradiance on the horizontal above the atmosphere, mean of the hour", FeatureRelation.Sun);
        yield return Of("clear_sky_ghi", "W/m²", category, "Global irradiance of a clear sky (Haurwitz 1946), mean of the hour", FeatureRelation.Sun);
        yield return Of("clear_sky_energy_share", "1", category,
            "Energy under a clear sky as a share of AC capacity: Ineichen with turbidity 3, PVWatts at 25 °C on the assumed plane", FeatureRelation.Sun);
    }

    private static IEnumerable<Feature> Farm()
    {
        const FeatureCategory category = FeatureCategory.Farm;
        yield return Of("ac_capacity_mw", "MW", category, "AC capacity of the farm as known at the issue", FeatureRelation.Row);
        yield return Of("dc_ac_ratio", "1", category, "Module capacity over AC capacity, 1.2 where not known", FeatureRelation.Row);
        yield return Of("latitude", "°", category, "Latitude, north positive", FeatureRelation.Row);
        yield return Of("longitude", "°", category, "Longitude, east positive", FeatureRelation.Row);
    }

    private static IEnumerable<Feature> Calendar()
    {
        const FeatureCategory category = FeatureCategory.Calendar;
        const string turn = "2 * pi() * (date_part('dayofyear', utc_clock(r.date_hour)) - 1) / 365.25";
        yield return Of("day_of_year_sin", "1", category, "sin(2π (day of year - 1) / 365.25)", FeatureRelation.Row, $"sin({turn})");
        yield return Of("day_of_year_cos", "1", category, "cos(2π (day of year - 1) / 365.25)", FeatureRelation.Row, $"cos({turn})");
        yield return Of("network_hour", "h", category, "Hour of the market's day, 0 to 23: prices, and with them curtailment, follow it", FeatureRelation.Row,
            "network_hour(r.date_hour, r.network_id)");
        yield return Of("is_weekend", "1", category, "1 on Saturday and Sunday of the market's clock: demand is low then", FeatureRelation.Row,
            "CASE WHEN isodow(network_date(r.date_hour, r.network_id)) >= 6 THEN 1 ELSE 0 END");
    }

    private static IEnumerable<Feature> Lead()
    {
        yield return Of("lead_hours", "h", FeatureCategory.Lead, "From the issue to the end of the hour", FeatureRelation.Row);
        yield return Of("weather_lead", "d", FeatureCategory.Lead, "Days ahead of the weather forecast that was known at the issue", FeatureRelation.Row);
    }

    private static IEnumerable<Feature> Weather()
    {
        const FeatureCategory category = FeatureCategory.WeatherForecast;
        (string Name, string Column, string Unit, string Meaning)[] columns =
        [
            ("forecast_ghi", "shortwave_radiation", "W/m²", "Global horizontal irradiance"),
            ("forecast_direct", "direct_radiation", "W/m²", "Direct irradiance on the horizontal"),
            ("forecast_diffuse", "diffuse_radiation", "W/m²", "Diffuse horizontal irradiance"),
            ("forecast_poa", "poa_irradiance", "W/m²", "Irradiance on the assumed plane (Hay and Davies 1980)"),
            ("forecast_temperature", "temperature_2m", "°C", "Air temperature"),
            ("forecast_dew_point", "dew_point_2m", "°C", "Dew point"),
            ("forecast_cloud_cover", "cloud_cover", "%", "Total cloud cover"),
            ("forecast_cloud_cover_low", "cloud_cover_low", "%", "Low cloud cover"),
            ("forecast_cloud_cover_mid", "cloud_cover_mid", "%", "Middle cloud cover"),
            ("forecast_cloud_cover_high", "cloud_cover_high", "%", "High cloud cover"),
            ("forecast_precipitation", "precipitation", "mm", "Precipitation"),
            ("forecast_wind_speed", "wind_speed_10m", "km/h", "Wind speed at 10 m"),
        ];
        foreach (var (name, column, unit, meaning) in columns)
        {
            yield return Of(name, unit, category, $"{meaning} of the hour, by the newest run known at the issue", FeatureRelation.Forecast, $"f.{column}");
        }

        yield return Of("forecast_energy_share", "1", category, "PVWatts (Dobos 2014) of the forecast irradiance and temperature, as a share of AC capacity",
            FeatureRelation.Forecast, Energy("f"));
        yield return Derived("forecast_clear_sky_index", "1", category, "forecast_ghi / clear_sky_ghi; null below 20 W/m² of it",
            "CASE WHEN clear_sky_ghi >= 20 THEN forecast_ghi / clear_sky_ghi END", "forecast_ghi", "clear_sky_ghi");
        yield return Of("forecast_ghi_before", "W/m²", category, "Forecast irradiance of the hour before", FeatureRelation.HourBefore, "fb.shortwave_radiation");
        yield return Of("forecast_ghi_after", "W/m²", category, "Forecast irradiance of the hour after", FeatureRelation.HourAfter, "fa.shortwave_radiation");
        yield return Of("forecast_ghi_earlier", "W/m²", category, "Forecast irradiance of the hour, by the runs of a day earlier", FeatureRelation.Runs,
            FeatureRelation.OfRun("shortwave_radiation", 1));
        yield return Of("forecast_energy_share_before", "1", category, "forecast_energy_share of the hour before", FeatureRelation.HourBefore, Energy("fb"));
        yield return Of("forecast_energy_share_after", "1", category, "forecast_energy_share of the hour after", FeatureRelation.HourAfter, Energy("fa"));
        foreach (var (days, name, meaning) in EarlierRuns)
        {
            yield return Of($"forecast_energy_share_{name}", "1", category, $"forecast_energy_share by the runs of {meaning} earlier",
                FeatureRelation.Runs, EnergyOfRun(days));
        }

        var runs = string.Join(", ", Enumerable.Range(0, FeatureBuilder.MostLeadDays).Select(EnergyOfRun));
        yield return Of("forecast_energy_share_mean", "1", category,
            "Mean of forecast_energy_share by all known runs that looked so far ahead: a lagged ensemble (Hoffman and Kalnay 1983)",
            FeatureRelation.Runs, $"list_avg([{runs}])");
        yield return Of("forecast_energy_share_spread", "1", category, "Standard deviation of the same: how sure the weather model is",
            FeatureRelation.Runs, $"list_stddev_pop([{runs}])");
        yield return Of("newest_forecast_energy_share", "1", category, "forecast_energy_share of the newest known hour of energy",
            FeatureRelation.NewestHourForecast, Energy("fn"));
        yield return Derived("forecast_ghi_change", "W/m²", category, "forecast_ghi - forecast_ghi_earlier: how sure the model is",
            "forecast_ghi - forecast_ghi_earlier", "forecast_ghi", "forecast_ghi_earlier");
    }

    private static IEnumerable<Feature> Air()
    {
        const FeatureCategory category = FeatureCategory.AirQuality;
        yield return Of("pm2_5_day", "µg/m³", category, "Particles below 2.5 µm, mean of the newest 24 known hours", FeatureRelation.NewestAir);
        yield return Of("dust_day", "µg/m³", category, "Mineral dust, mean of the newest 24 known hours", FeatureRelation.NewestAir);
    }

    private static IEnumerable<Feature> Lags()
    {
        (string Name, string Column, string Meaning)[] newest =
        [
            ("newest_energy_share", "energy_share", "Energy of the newest known hour as a share of AC capacity"),
            ("newest_energy_share_1h", "energy_share_1h", "The same of the hour before it"),
            ("newest_energy_share_2h", "energy_share_2h", "The same of two hours before it"),
            ("newest_clear_sky_ratio", "clear_sky_ratio", "Energy of the newest known hour over that under a clear sky; null while that is below 0.05"),
            ("clear_sky_ratio_3h", "clear_sky_ratio_3h", "Energy over clear-sky energy of the newest 3 known hours"),
            ("clear_sky_ratio_24h", "clear_sky_ratio_24h", "Energy over clear-sky energy of the newest 24 known hours"),
            ("clear_sky_ratio_7d", "clear_sky_ratio_7d", "Energy over clear-sky energy of the newest 7 known days"),
            ("clear_sky_ratio_30d", "clear_sky_ratio_30d", "Energy over clear-sky energy of the newest 30 known days"),
        ];
        (string Name, string Column, string Meaning)[] sameHour =
        [
            ("same_hour_energy_share", "energy_share", "Energy of the same hour on the newest known day as a share of AC capacity"),
            ("same_hour_clear_sky_ratio", "clear_sky_ratio", "The same over the energy under a clear sky"),
            ("same_hour_mean_7d", "same_hour_mean_7d", "Mean share of the same hour on the newest 7 known days"),
            ("same_hour_mean_30d", "same_hour_mean_30d", "Mean share of the same hour on the newest 30 known days"),
            ("same_hour_max_30d", "same_hour_max_30d", "Highest share of the same hour on the newest 30 known days"),
            ("same_hour_deviation_30d", "same_hour_deviation_30d", "Standard deviation of the share of the same hour on the newest 30 known days"),
        ];
        foreach (var (name, column, meaning) in newest)
        {
            yield return Of(name, "1", FeatureCategory.Lag, meaning, FeatureRelation.NewestHour, $"n.{column}");
        }

        yield return Derived("newest_forecast_error", "1", FeatureCategory.Lag, "newest_energy_share - newest_forecast_energy_share: what the forecast misses today",
            "newest_energy_share - newest_forecast_energy_share", "newest_energy_share", "newest_forecast_energy_share");

        foreach (var (name, column, meaning) in sameHour)
        {
            yield return Of(name, "1", FeatureCategory.Lag, meaning, FeatureRelation.SameHour, $"h.{column}");
        }
    }

    private static string EnergyOfRun(int daysEarlier) =>
        Energy(FeatureRelation.OfRun("poa_irradiance", daysEarlier), FeatureRelation.OfRun("module_temperature", daysEarlier));

    private static string Energy(string alias) => Energy($"{alias}.poa_irradiance", $"{alias}.module_temperature");

    private static string Energy(string irradiance, string temperature) => $"pv_energy({irradiance}, {temperature}, r.dc_ac_ratio, 1.0)";

    private static Feature Of(string name, string unit, FeatureCategory category, string formula, FeatureRelation relation, string? expression = null) =>
        new(name, unit, category, formula, new FeatureSource.Joined(relation, expression ?? $"{relation.Alias}.{name}"));

    private static Feature Derived(string name, string unit, FeatureCategory category, string formula, string expression, params string[] inputs) =>
        new(name, unit, category, formula, new FeatureSource.Derived(expression, inputs));
}
