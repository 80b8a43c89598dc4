namespace PvLakehouse.Iceberg.S3;

/// <summary>The objects that this program has written a short while ago: the store has confirmed each, so nobody needs to ask.</summary>
/// <remarks>Bounded: the oldest are forgotten, and then asked for.</remarks>
internal sealed class OwnWrites
{
    private const int Most = 100_000;

    private readonly HashSet<S3Location> _known = [];
    private readonly Queue<S3Location> _oldestFirst = new();
    private readonly Lock _lock = new();

    public void Add(S3Location location)
    {
        lock (_lock)
        {
            if (!_known.Add(location))
            {
                return;
            }

            _oldestFirst.Enqueue(location);
            if (_oldestFirst.Count > Most)
            {
                _known.Remove(_oldestFirst.Dequeue());
            }
        }
    }

    public bool Contains(S3Location location)
    {
        lock (_lock)
        {
            return _known.Contains(location);
        }
    }

    public void Remove(S3Location location)
    {
        lock (_lock)
        {
            _known.Remove(location);
        }
    }
}
