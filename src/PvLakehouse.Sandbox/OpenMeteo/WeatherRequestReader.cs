using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Plans;
using PvLakehouse.Sandbox.Registry;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>Checks the parameters of a request.</summary>
/// <remarks>Names that the real server has and the sandbox has not are refused; other unknown names are ignored, as by the server.</remarks>
internal sealed class WeatherRequestReader(PlanLimits limits, SandboxDataKind kind, TimeProvider clock)
{
    private static readonly string[] NotOffered =
    [
        "daily", "current", "minutely_15", "weekly", "monthly", "past_hours", "forecast_hours", "past_minutely_15",
        "forecast_minutely_15", "elevation", "tilt", "azimuth", "bounding_box", "run",
    ];

    /// <exception cref="OpenMeteoError">The server would refuse the request, or the sandbox does not offer what it asks for.</exception>
    public WeatherRequest Read(WeatherRoute route, WeatherParameters parameters)
    {
        Refuse(parameters);
        var names = parameters.List("hourly");
        var models = parameters.Has("models") ? parameters.List("models") : route.Dataset == HourlyDataset.AirQuality ? parameters.List("domains") : [];
        return new(route, Places(route, parameters))
        {
            Names = names,
            Variables = route.Variables.Find(names, route.MostLeadDays),
            Models = WeatherModel.Find(models, route.Dataset, kind),
            Units = new(
                parameters.Text("temperature_unit"),
                parameters.Text("wind_speed_unit") ?? parameters.Text("windspeed_unit"),
                parameters.Text("precipitation_unit")),
            HasUnixTime = Choice(parameters, "timeformat", "Timeformat", "iso8601", "unixtime") == "unixtime",
            Format = Choice(parameters, "format", "ForecastResultFormat", "json", "csv", "flatbuffers") switch
            {
                "csv" => AnswerFormat.Csv,
                "flatbuffers" => AnswerFormat.FlatBuffers,
                _ => AnswerFormat.Json,
            },
        };
    }

    private static void Refuse(WeatherParameters parameters)
    {
        if (NotOffered.FirstOrDefault(parameters.Has) is { } name)
        {
            throw OpenMeteoError.NotOffered(name is "daily" ? "'daily'; ask for 'hourly' and aggregate" : $"'{name}'");
        }

        if (parameters.Text("current_weather") is "true")
        {
            throw OpenMeteoError.NotOffered("'current_weather'");
        }

        if (parameters.Text("format") is "xlsx")
        {
            throw OpenMeteoError.NotOffered("'format=xlsx'");
        }

        if (parameters.Text("temporal_resolution") is not (null or "native" or "hourly"))
        {
            throw OpenMeteoError.NotOffered("a 'temporal_resolution' other than hourly");
        }

        Choice(parameters, "cell_selection", "GridSelectionMode", "land", "sea", "nearest");
    }

    private static string? Choice(WeatherParameters parameters, string name, string type, params string[] allowed) =>
        parameters.Text(name) is not { } text || allowed.Contains(text) ? parameters.Text(name) : throw OpenMeteoError.Invalid(type, text);

    private WeatherPlace[] Places(WeatherRoute route, WeatherParameters parameters)
    {
        var locations = Locations(parameters);
        var now = clock.GetUtcNow();
        Zone[] zones = [.. parameters.List("timezone").Select(name => Zone.Of(name, now))];
        zones = zones.Length == 0 ? [Zone.Gmt] : zones;
        if (zones.Length > 1 && zones.Length != locations.Length)
        {
            throw OpenMeteoError.BadRequest("Parameter 'timezone' must have the same number of elements as coordinates");
        }

        var windows = new WindowReader(route, now).Read(parameters);
        if (windows.Count > 1 && locations.Length > 1 && windows.Count != locations.Length)
        {
            throw OpenMeteoError.BadRequest(
                "Parameter 'start_date' and 'end_date' must have the same number of elements as coordinates");
        }

        var count = Math.Max(locations.Length, windows.Count);
        var ids = parameters.Numbers("location_id");
        if (ids.Length > 0 && ids.Length != count)
        {
            throw OpenMeteoError.BadRequest("Parameter 'location_id' must have the same number of elements as coordinates");
        }

        return
        [
            .. Enumerable.Range(0, count).Select(i => new WeatherPlace(
                At(locations, i), At(windows, i).In(At(zones, i)), ids.Length > 0 ? (long)ids[i] : i)),
        ];
    }

    private SandboxLocation[] Locations(WeatherParameters parameters)
    {
        var latitudes = Required(parameters, "latitude");
        var longitudes = Required(parameters, "longitude");
        if (latitudes.Length != longitudes.Length)
        {
            throw OpenMeteoError.BadRequest("Parameter 'latitude' and 'longitude' must have the same number of elements");
        }

        if (latitudes.Length > limits.WeatherLocations)
        {
            throw OpenMeteoError.BadRequest($"Only up to {limits.WeatherLocations} locations can be requested at once");
        }

        foreach (var latitude in latitudes.Where(value => value is < -90 or > 90))
        {
            throw OpenMeteoError.BadRequest($"Latitude must be in range of -90 to 90°. Given: {latitude:0.0#####}.");
        }

        foreach (var longitude in longitudes.Where(value => value is < -180 or > 180))
        {
            throw OpenMeteoError.BadRequest($"Longitude must be in range of -180 to 180°. Given: {longitude:0.0#####}.");
        }

        return [.. latitudes.Zip(longitudes, (latitude, longitude) => new SandboxLocation(latitude, longitude))];
    }

    private static double[] Required(WeatherParameters parameters, string name) =>
        parameters.Has(name) ? parameters.Numbers(name) : throw OpenMeteoError.BadRequest($"Value required for key '{name}'.");

    /// <summary>The item of a place; a single item is for all.</summary>
    private static T At<T>(IReadOnlyList<T> items, int index) => items[items.Count == 1 ? 0 : index];
}
