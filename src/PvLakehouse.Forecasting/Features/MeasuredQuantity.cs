namespace PvLakehouse.Forecasting.Features;

/// <summary>A quantity that is measured or analysed hour by hour, and how long after the hour it can be known.</summary>
public sealed record MeasuredQuantity
{
    private MeasuredQuantity(string name, string expression, MeasuredSource source)
    {
        Name = name;
        Expression = expression;
        Source = source;
    }

    /// <summary>All quantities by name.</summary>
    public static IReadOnlyDictionary<string, MeasuredQuantity> All { get; } = Make().ToDictionary(quantity => quantity.Name, StringComparer.Ordinal);

    /// <summary>The quantity's name.</summary>
    public string Name { get; }

    /// <summary>SQL over a row of <c>measured</c>.</summary>
    internal string Expression { get; }

    /// <summary>Who says it.</summary>
    internal MeasuredSource Source { get; }

    /// <summary>The quantity of a name.</summary>
    /// <exception cref="ForecastingException">There is none.</exception>
    public static MeasuredQuantity Of(string name) => All.TryGetValue(name, out var quantity)
        ? quantity
        : throw new ForecastingException($"'{name}' is not measured; expected one of {string.Join(", ", All.Keys)}.");

    private static IEnumerable<MeasuredQuantity> Make()
    {
        foreach (var name in (string[])["energy_mwh", "energy_share", "clear_sky_ratio", "intervals_count"])
        {
            yield return new(name, name, MeasuredSource.Energy);
        }

        foreach (var name in (string[])
            [
                "shortwave_radiation", "direct_radiation", "diffuse_radiation", "temperature_2m", "dew_point_2m", "cloud_cover", "precipitation",
                "wind_speed_10m", "poa_irradiance", "expected_energy_mwh",
            ])
        {
            yield return new(name, name, MeasuredSource.Weather);
        }

        foreach (var name in (string[])["pm2_5", "pm10", "dust", "nitrogen_dioxide", "ozone"])
        {
            yield return new(name, name, MeasuredSource.AirQuality);
        }
    }
}

/// <summary>Who measures, and how long that takes.</summary>
/// <param name="Name">Short name, part of SQL aliases.</param>
/// <param name="Delay">SQL of the time between the end of an hour and the moment its value is known, over a row to be forecast.</param>
/// <param name="Meaning">The same in words.</param>
internal sealed record MeasuredSource(string Name, string Delay, string Meaning)
{
    /// <summary>Meters: at once in the NEM, whose operator reads them every 4 seconds; a day later in the WEM, as published.</summary>
    public static MeasuredSource Energy { get; } = new(
        "energy", "CASE WHEN r.network_id = 'WEM' THEN INTERVAL '24' HOUR ELSE INTERVAL '0' HOUR END", "the end of its hour (WEM: a day later)");

    /// <summary>The analysis: ERA5T is published five days late (Copernicus Climate Data Store, 2025).</summary>
    public static MeasuredSource Weather { get; } = new("weather", "INTERVAL '120' HOUR", "five days after its hour");

    /// <summary>The CAMS analysis: one day late.</summary>
    public static MeasuredSource AirQuality { get; } = new("air", "INTERVAL '24' HOUR", "a day after its hour");
}
