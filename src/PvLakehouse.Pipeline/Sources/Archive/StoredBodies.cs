namespace PvLakehouse.Pipeline.Sources.Archive;

/// <summary>Collects the numbers of the bodies that a load has archived.</summary>
public sealed class StoredBodies
{
    private readonly Lock _lock = new();
    private List<int> _numbers = [];

    /// <summary>Notes a body.</summary>
    public void Add(int number)
    {
        lock (_lock)
        {
            _numbers.Add(number);
        }
    }

    /// <summary>The numbers since the last call, in ascending order.</summary>
    public IReadOnlyList<int> Take()
    {
        lock (_lock)
        {
            var taken = _numbers;
            _numbers = [];
            taken.Sort();
            return taken;
        }
    }
}
