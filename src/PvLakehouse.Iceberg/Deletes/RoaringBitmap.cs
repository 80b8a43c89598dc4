namespace PvLakehouse.Iceberg.Deletes;

/// <summary>A set of 32-bit numbers, split by their upper 16 bits into containers.</summary>
internal sealed class RoaringBitmap
{
    private readonly ushort[] _keys;
    private readonly RoaringContainer[] _containers;

    /// <param name="keys">The upper 16 bits, ascending.</param>
    /// <param name="containers">The lower 16 bits of each key.</param>
    public RoaringBitmap(ushort[] keys, RoaringContainer[] containers)
    {
        _keys = keys;
        _containers = containers;
        Count = containers.Sum(c => (long)c.Count);
    }

    public long Count { get; }

    public bool Contains(uint value)
    {
        var index = Array.BinarySearch(_keys, (ushort)(value >> 16));
        return index >= 0 && _containers[index].Contains((ushort)value);
    }

    /// <summary>The numbers, ascending.</summary>
    public IEnumerable<uint> Values()
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            var high = (uint)_keys[i] << 16;
            foreach (var low in _containers[i].Values())
            {
                yield return high | low;
            }
        }
    }
}
