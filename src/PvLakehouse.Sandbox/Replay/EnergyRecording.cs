using PvLakehouse.Sandbox.Csv;
using PvLakehouse.Sandbox.Data;

namespace PvLakehouse.Sandbox.Replay;

/// <summary>Recorded energy, by unit and length of interval.</summary>
internal sealed class EnergyRecording
{
    /// <summary>The values by the physical start of their intervals.</summary>
    public Dictionary<(string Unit, EnergyInterval Interval), TimedValues> Series { get; } = [];

    /// <summary>One row per farm and unit, to know farms that no file of facilities lists.</summary>
    public Dictionary<(string Facility, string Unit), CsvRecord> Farms { get; } = [];

    /// <summary>Adds a row.</summary>
    /// <remarks><c>interval_start</c> is the API's own stamp: true instants in the text, whose offset is network time.</remarks>
    public void Add(CsvRecord row, DateTimeOffset ingestedAt)
    {
        if (row.Optional("metric") is not (null or "energy"))
        {
            throw row.Bad("metric", "energy, the only metric that is replayed,");
        }

        var interval = row.Required("interval") switch
        {
            "1h" => EnergyInterval.Hour,
            "5m" => EnergyInterval.FiveMinutes,
            _ => throw row.Bad("interval", "1h or 5m"),
        };
        var stamp = row.Instant("interval_start") ?? throw row.Bad("interval_start", "an instant");

        // A 5-minute stamp of the NEM marks the end of its interval.
        var start = interval == EnergyInterval.FiveMinutes && row.Required("network_id") == "NEM" ? stamp.AddMinutes(-5) : stamp;
        var unit = row.Required("unit_code");
        if (!Series.TryGetValue((unit, interval), out var values))
        {
            Series.Add((unit, interval), values = new(TimeSpan.FromMinutes((int)interval)));
        }

        values.Add(start, row.Number("value"), ingestedAt);
        Farms.TryAdd((row.Required("facility_code"), unit), row);
    }
}
