using PvLakehouse.Sandbox.Csv;
using PvLakehouse.Sandbox.OpenMeteo;

namespace PvLakehouse.Sandbox.Replay;

/// <summary>The CSV files of a folder, sorted by what their headers say they hold.</summary>
internal sealed class RecordedFiles
{
    /// <summary>Rows of facilities, later files last.</summary>
    public List<CsvRecord> Facilities { get; } = [];

    public EnergyRecording Energy { get; } = new();

    public WeatherRecording Weather { get; } = new(VariableCatalogue.Weather);

    public WeatherRecording AirQuality { get; } = new(VariableCatalogue.AirQuality);

    /// <summary>The latest <c>ingest_timestamp</c> of any row; null when no file has that column.</summary>
    public DateTimeOffset? LatestIngest { get; private set; }

    /// <exception cref="SandboxException">The folder does not exist, has no CSV file, or a file is of none of the four shapes.</exception>
    public static RecordedFiles Read(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new SandboxException($"There is no folder '{directory}' to replay.");
        }

        string[] paths = [.. Directory.GetFiles(directory, "*.csv").Order(StringComparer.Ordinal)];
        if (paths.Length == 0)
        {
            throw new SandboxException($"The folder '{directory}' has no CSV file to replay.");
        }

        var files = new RecordedFiles();
        foreach (var path in paths)
        {
            files.ReadFile(path);
        }

        return files;
    }

    private void ReadFile(string path)
    {
        var name = Path.GetFileName(path);
        using var text = new StreamReader(path);
        Action<CsvRecord, DateTimeOffset>? add = null;
        foreach (var row in new CsvReader(text, name).Records())
        {
            var ingestedAt = row.Instant("ingest_timestamp") ?? DateTimeOffset.MinValue;
            if (ingestedAt > (LatestIngest ?? DateTimeOffset.MinValue))
            {
                LatestIngest = ingestedAt;
            }

            add ??= Sink(row.Columns);
            add(row, ingestedAt);
        }
    }

    private Action<CsvRecord, DateTimeOffset> Sink(CsvColumns columns) => columns switch
    {
        _ when columns.Has("interval_start") && columns.Has("unit_code") => Energy.Add,
        _ when columns.Has("unit_codes") && columns.Has("location_lat") => (row, _) => Facilities.Add(row),
        _ when columns.Has("date") && Weather.Recognises(columns) && !AirQuality.RecognisesMore(columns, Weather) => Weather.Add,
        _ when columns.Has("date") && AirQuality.Recognises(columns) => AirQuality.Add,
        _ => throw new SandboxException(
            $"'{columns.File}' is no recording: expected the columns of time series (unit_code, interval_start), facilities (unit_codes, "
            + "location_lat), or hourly weather or air quality (date, latitude, longitude and variables). Move it out of the folder."),
    };
}
