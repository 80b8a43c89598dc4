using System.Globalization;
using PvLakehouse.Sandbox.Csv;
using PvLakehouse.Sandbox.OpenMeteo;
using PvLakehouse.Sandbox.Registry;

namespace PvLakehouse.Sandbox.Replay;

/// <summary>Recorded hourly series by coordinate.</summary>
/// <remarks><c>date</c> is the API's local text on a clock of UTC+10:00 without daylight saving; any column that calls it UTC is wrong.</remarks>
internal sealed class WeatherRecording(VariableCatalogue variables)
{
    private const double NearDegrees = 0.05;

    private static readonly TimeSpan Offset = TimeSpan.FromHours(10);

    private readonly Dictionary<SandboxLocation, RecordedPlace> _places = [];
    private readonly HashSet<string> _recorded = new(StringComparer.Ordinal);
    private (CsvColumns? Header, string[] Names) _current = (null, []);

    /// <summary>A coordinate of each farm, by its code.</summary>
    public Dictionary<string, SandboxLocation> Farms { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a file has variables of this kind.</summary>
    public bool Recognises(CsvColumns columns) => columns.Names.Any(variables.Has);

    /// <summary>Whether a file has more variables of this kind than of another; some, such as uv_index, are of both.</summary>
    public bool RecognisesMore(CsvColumns columns, WeatherRecording other) => CountIn(columns) > other.CountIn(columns);

    /// <summary>Whether any file has the variable.</summary>
    public bool Has(string variable) => _recorded.Contains(variable);

    /// <summary>The recorded place nearest to a coordinate, or null when none is near.</summary>
    public RecordedPlace? Near(SandboxLocation location) => _places.Values
        .Select(place => (Place: place, Distance: place.DegreesTo(location)))
        .Where(pair => pair.Distance <= NearDegrees)
        .OrderBy(pair => pair.Distance)
        .Select(pair => pair.Place)
        .FirstOrDefault();

    /// <summary>Adds a row.</summary>
    public void Add(CsvRecord row, DateTimeOffset ingestedAt)
    {
        if (_current.Header != row.Columns)
        {
            _current = (row.Columns, [.. row.Columns.Names.Where(variables.Has)]);
            _recorded.UnionWith(_current.Names);
        }

        var location = new SandboxLocation(
            row.Number("latitude") ?? throw row.Bad("latitude", "a number"),
            row.Number("longitude") ?? throw row.Bad("longitude", "a number"));
        if (!_places.TryGetValue(location, out var place))
        {
            _places.Add(location, place = new(location));
        }

        Farms.TryAdd(row.Required("facility_code"), location);
        var moment = Moment(row);
        foreach (var name in _current.Names)
        {
            place.Of(name).Add(moment, row.Number(name), ingestedAt);
        }
    }

    private int CountIn(CsvColumns columns) => columns.Names.Count(variables.Has);

    private static DateTimeOffset Moment(CsvRecord row) =>
        DateTime.TryParseExact(row.Text("date"), "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
        && local.Minute == 0
            ? new DateTimeOffset(local, Offset).ToUniversalTime()
            : throw row.Bad("date", "a full hour such as 2025-10-01T00:00");
}
