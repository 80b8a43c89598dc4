using System.Collections;

namespace PvLakehouse.Iceberg.Deletes;

/// <summary>Row positions of one data file, counted from 0: the rows that are deleted. Immutable.</summary>
/// <remarks>Stays compressed in memory: runs of any length take four bytes, dense ranges a bit for each row.</remarks>
public sealed class PositionSet : IEnumerable<long>
{
    private readonly uint[] _keys;
    private readonly RoaringBitmap[] _bitmaps;

    /// <param name="keys">The upper 32 bits, ascending; the highest is 2^31 - 1.</param>
    /// <param name="bitmaps">The lower 32 bits of each key.</param>
    internal PositionSet(uint[] keys, RoaringBitmap[] bitmaps)
    {
        _keys = keys;
        _bitmaps = bitmaps;
        Count = bitmaps.Sum(b => b.Count);
    }

    /// <summary>No position.</summary>
    public static PositionSet Empty { get; } = new([], []);

    /// <summary>How many positions there are.</summary>
    public long Count { get; }

    /// <summary>Whether a position is in the set.</summary>
    public bool Contains(long position)
    {
        if (position < 0)
        {
            return false;
        }

        var index = Array.BinarySearch(_keys, (uint)(position >> 32));
        return index >= 0 && _bitmaps[index].Contains((uint)position);
    }

    /// <summary>The positions, ascending.</summary>
    public IEnumerator<long> GetEnumerator()
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            var high = (long)_keys[i] << 32;
            foreach (var low in _bitmaps[i].Values())
            {
                yield return high | low;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
