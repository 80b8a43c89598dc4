using PvLakehouse.Sandbox.Data;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>A weather model that a request may name.</summary>
/// <param name="Name">As clients send it.</param>
/// <param name="BinaryCode">Its number in FlatBuffers messages.</param>
/// <param name="DelayDays">Days until its values are published [d]; until then they are null.</param>
internal sealed record WeatherModel(string Name, byte BinaryCode, int DelayDays = 0)
{
    public static readonly WeatherModel BestMatch = new("best_match", 1);

    private static readonly WeatherModel[] Archive =
        [BestMatch, new("era5_seamless", 26, 5), new("era5", 27, 5), new("ecmwf_ifs", 30)];

    private static readonly WeatherModel[] AirQuality = [BestMatch, new("auto", 1), new("cams_global", 50)];

    /// <summary>The models of a list of names; best match for an empty one.</summary>
    /// <remarks>A simulation has one weather for all models; a recording is of the best match only.</remarks>
    /// <exception cref="OpenMeteoError">The sandbox does not offer a model.</exception>
    public static WeatherModel[] Find(IReadOnlyList<string> names, HourlyDataset dataset, SandboxDataKind kind)
    {
        var offered = (dataset, kind) switch
        {
            (HourlyDataset.AirQuality, _) => AirQuality,
            (HourlyDataset.Archive, SandboxDataKind.Simulation) => Archive,
            _ => [BestMatch],
        };
        return names.Count == 0 ? [BestMatch] : [.. names.Select(name => Find(name, offered))];
    }

    private static WeatherModel Find(string name, WeatherModel[] offered) => Array.Find(offered, model => model.Name == name) ?? (name switch
    {
        // CAMS Europe ends in Europe.
        "cams_europe" => throw OpenMeteoError.BadRequest("No data is available for this location"),
        _ => throw OpenMeteoError.NotOffered(
            $"the model '{name}' here; it offers {string.Join(", ", offered.Select(model => model.Name))}"),
    });
}
