namespace PvLakehouse.Sandbox.Replay;

/// <summary>Values at a regular step; the newest ingest of a moment wins, of one ingest the later line.</summary>
internal sealed class TimedValues(TimeSpan step)
{
    private readonly Dictionary<long, (double? Value, DateTimeOffset IngestedAt)> _values = [];

    /// <summary>Moments recorded, those with a recorded null included.</summary>
    public int Count => _values.Count;

    /// <summary>Adds a value.</summary>
    public void Add(DateTimeOffset moment, double? value, DateTimeOffset ingestedAt)
    {
        if (!_values.TryGetValue(moment.UtcTicks, out var known) || known.IngestedAt <= ingestedAt)
        {
            _values[moment.UtcTicks] = (value, ingestedAt);
        }
    }

    /// <summary>Copies the values from a moment on; moments that were not recorded stay as they are.</summary>
    public void CopyTo(DateTimeOffset from, Span<double?> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            if (_values.TryGetValue(from.UtcTicks + (i * step.Ticks), out var known))
            {
                destination[i] = known.Value;
            }
        }
    }
}
