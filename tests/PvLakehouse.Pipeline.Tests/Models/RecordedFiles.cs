using System.Globalization;

namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>The recordings of nine farms as CSV, read without any code of the pipeline: what tests compare its answers with.</summary>
internal static class RecordedFiles
{
    /// <summary>First and last day that the tests load, network time.</summary>
    public static readonly DateOnly First = new(2025, 10, 1), Last = new(2025, 11, 18);

    /// <summary>The farms of the recordings.</summary>
    public static readonly IReadOnlyList<string> Farms =
        ["AVLSF", "BOMENSF", "DARLSF", "EMERASF", "FINLEYSF", "HUGSF", "LIMOSF2", "WRSF1", "YATSF1"];

    /// <summary>Where they are; null when they are not here.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Where they are; skips the calling test when they are not here.</summary>
    public static string Require()
    {
        Assert.SkipWhen(Folder is null, "The recordings are not here: no folder 'shared' with data/recorded above the tests.");
        return Folder!;
    }

    /// <summary>The energy of the window by network hour (2025-10-01T00:00:00+10:00); the newest ingest counts.</summary>
    public static IReadOnlyList<RecordedHour> Energy()
    {
        var newest = new Dictionary<(string Farm, string Start), (string Ingested, double Value)>();
        foreach (var cells in Rows("timeseries"))
        {
            // network_code, network_id, network_region, facility_code, facility_name, unit_code, metric, interval, value_unit,
            // interval_start, value, ingest_mode, ingest_timestamp, ...
            var (farm, start, value, ingested) = (cells[3], cells[9], cells[10], cells[12]);
            if (value.Length > 0 && string.CompareOrdinal(start, "2025-11-19") < 0
                && (!newest.TryGetValue((farm, start), out var held) || string.CompareOrdinal(ingested, held.Ingested) >= 0))
            {
                newest[(farm, start)] = (ingested, Number(value));
            }
        }

        return [.. newest.Select(row => new RecordedHour(row.Key.Farm, row.Key.Start, row.Value.Value))];
    }

    /// <summary>Registered and maximum capacity [MW] and longitude [°] of the farms.</summary>
    public static IReadOnlyDictionary<string, (double RegisteredMw, double MaximumMw, double Longitude)> Facilities() =>
        // Descriptions hold commas, but only behind these columns.
        Rows("facilities").ToDictionary(
            cells => cells[0], cells => (Number(cells[10]), Number(cells[11]), Number(cells[7])), StringComparer.Ordinal);

    /// <summary>Global radiation [W/m²] and cloud cover [%] by farm and the network hour that they cover.</summary>
    public static IReadOnlyDictionary<(string Farm, string Start), (double Radiation, double Cloud)> Weather() =>
        Rows("weather").ToDictionary(
            // The stamp closes the hour.
            cells => (cells[0], Text(DateTime.ParseExact(cells[4], "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture).AddHours(-1))),
            cells => (Number(cells[5]), Number(cells[12])));

    /// <summary>A network hour as the files write it.</summary>
    public static string Text(DateTime start) => start.ToString("yyyy-MM-dd'T'HH:mm:ss'+10:00'", CultureInfo.InvariantCulture);

    private static IEnumerable<string[]> Rows(string name) =>
        File.ReadLines(Directory.EnumerateFiles(Require(), $"{name}*.csv").Single()).Skip(1).Select(line => line.Split(','));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", "recorded");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
