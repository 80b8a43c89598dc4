using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Registry;

namespace PvLakehouse.Sandbox.Replay;

/// <summary>Serves what the real APIs once returned, from CSV files, value by value as recorded.</summary>
/// <remarks>
/// <para>Hours that are not in the files have no data. A value recorded more than once shows as the last ingest had it; when a value was
/// ingested does not matter otherwise, but hours that end after the sandbox clock are unknown yet.</para>
/// <para>Recorded weather belongs to farms, not to grid cells: a coordinate is served by the nearest recorded one within 0.05° (half a cell of
/// the 9 km model), any other one has no values. The answer repeats the coordinate asked for and gives no elevation. How the weather was forecast was not recorded.</para>
/// </remarks>
public sealed class ReplayData : ISandboxData
{
    private readonly Dictionary<(string Unit, EnergyInterval Interval), TimedValues> _energy;
    private readonly WeatherRecording _weather;
    private readonly WeatherRecording _airQuality;

    private ReplayData(RecordedFiles files, FacilityRegistry registry)
    {
        _energy = files.Energy.Series;
        _weather = files.Weather;
        _airQuality = files.AirQuality;
        Facilities = new FacilityAssembly(registry, files).Build();
        RecordedUntil = files.LatestIngest;
    }

    /// <inheritdoc/>
    public SandboxDataKind Kind => SandboxDataKind.Replay;

    /// <inheritdoc/>
    public DateTimeOffset? RecordedUntil { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SandboxFacility> Facilities { get; }

    /// <summary>Reads every CSV file of a folder; a file's header tells what it holds.</summary>
    /// <param name="directory">A folder with files of time series, weather, air quality or facilities; any of them may be missing.</param>
    /// <exception cref="SandboxException">The folder does not exist, has no CSV file, or a file is of none of the four shapes.</exception>
    /// <exception cref="Csv.CsvFormatException">A file is damaged.</exception>
    public static ReplayData Load(string directory) => new(RecordedFiles.Read(directory), FacilityRegistry.Load());

    /// <inheritdoc/>
    public void Energy(
        SandboxUnit unit, EnergyInterval interval, DateTimeOffset fromUtc, DateTimeOffset asOf, Span<double?> values)
    {
        ArgumentNullException.ThrowIfNull(unit);
        values.Clear();
        if (_energy.TryGetValue((unit.Code, interval), out var recorded))
        {
            recorded.CopyTo(fromUtc, values);
        }
        else if (interval == EnergyInterval.Hour && _energy.TryGetValue((unit.Code, EnergyInterval.FiveMinutes), out var steps))
        {
            SumHours(steps, fromUtc, values);
        }

        for (var i = values.Length - 1; i >= 0 && fromUtc.AddMinutes((i + 1) * (int)interval) > asOf; i--)
        {
            values[i] = null;
        }
    }

    /// <inheritdoc/>
    public GridCell CellOf(HourlyDataset dataset, SandboxLocation location) =>
        new((float)location.Latitude, (float)location.Longitude, Elevation: null);

    /// <inheritdoc/>
    public IReadOnlyList<double?[]?> Hourly(HourlyQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var recording = query.Dataset == HourlyDataset.AirQuality ? _airQuality : _weather;
        var place = recording.Near(query.Location);
        return [.. query.Variables.Select(variable => query.LeadDays == 0 && recording.Has(variable) ? Values(place, variable, query) : null)];
    }

    private static double?[] Values(RecordedPlace? place, string variable, HourlyQuery query)
    {
        var values = new double?[query.Count];
        if (place?.Series.GetValueOrDefault(variable) is { } recorded)
        {
            recorded.CopyTo(query.First.Start, values);
        }

        // Only an archive ends at the clock; forecasts were made before it.
        for (var i = values.Length - 1; query.Dataset == HourlyDataset.Archive && i >= 0 && query.First.AddHours(i).Start > query.AsOf; i--)
        {
            values[i] = null;
        }

        return values;
    }

    private static void SumHours(TimedValues steps, DateTimeOffset fromUtc, Span<double?> hours)
    {
        Span<double?> values = new double?[12];
        for (var i = 0; i < hours.Length; i++)
        {
            values.Clear();
            steps.CopyTo(fromUtc.AddHours(i), values);
            foreach (var value in values)
            {
                hours[i] = value is null ? hours[i] : (hours[i] ?? 0) + value;
            }
        }
    }
}
