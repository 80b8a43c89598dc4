using PvLakehouse.Sandbox.Registry;

namespace PvLakehouse.Sandbox.Replay;

/// <summary>The hourly series of one coordinate.</summary>
internal sealed class RecordedPlace(SandboxLocation location)
{
    /// <summary>The series by variable.</summary>
    public Dictionary<string, TimedValues> Series { get; } = new(StringComparer.Ordinal);

    /// <summary>The series of a variable, empty at first.</summary>
    public TimedValues Of(string variable)
    {
        if (!Series.TryGetValue(variable, out var values))
        {
            Series.Add(variable, values = new(TimeSpan.FromHours(1)));
        }

        return values;
    }

    /// <summary>The larger of the distances in latitude and longitude [°].</summary>
    public double DegreesTo(SandboxLocation other) =>
        Math.Max(Math.Abs(location.Latitude - other.Latitude), Math.Abs(location.Longitude - other.Longitude));
}
