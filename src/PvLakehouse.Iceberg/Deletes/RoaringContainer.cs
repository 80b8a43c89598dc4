using System.Numerics;

namespace PvLakehouse.Iceberg.Deletes;

/// <summary>A set of 16-bit numbers in one of the three forms of the Roaring format.</summary>
internal abstract class RoaringContainer
{
    /// <summary>Containers of more numbers than this are bitmaps (or runs).</summary>
    public const int LargestArray = 4096;

    /// <summary>Size of a bitmap of 2^16 bits [64-bit words].</summary>
    public const int BitmapWords = 1024;

    public abstract int Count { get; }

    public abstract bool Contains(ushort value);

    /// <summary>The numbers, ascending.</summary>
    public abstract IEnumerable<ushort> Values();

    /// <summary>Few numbers, one by one, ascending.</summary>
    public sealed class Array(ushort[] values) : RoaringContainer
    {
        public override int Count => values.Length;

        public override bool Contains(ushort value) => System.Array.BinarySearch(values, value) >= 0;

        public override IEnumerable<ushort> Values() => values;
    }

    /// <summary>Many numbers, a bit for each of 2^16.</summary>
    public sealed class Bitmap(ulong[] words) : RoaringContainer
    {
        public override int Count { get; } = words.Sum(BitOperations.PopCount);

        public override bool Contains(ushort value) => (words[value >> 6] >> (value & 63) & 1) != 0;

        public override IEnumerable<ushort> Values()
        {
            for (var i = 0; i < words.Length; i++)
            {
                for (var rest = words[i]; rest != 0; rest &= rest - 1)
                {
                    yield return (ushort)((i << 6) + BitOperations.TrailingZeroCount(rest));
                }
            }
        }
    }

    /// <summary>Ranges of numbers, both ends included, ascending and apart.</summary>
    public sealed class Runs(ushort[] firsts, ushort[] lasts) : RoaringContainer
    {
        public override int Count { get; } = firsts.Zip(lasts, (first, last) => last - first + 1).Sum();

        public override bool Contains(ushort value)
        {
            var index = System.Array.BinarySearch(firsts, value);
            return index >= 0 || (~index > 0 && value <= lasts[~index - 1]);
        }

        public override IEnumerable<ushort> Values()
        {
            for (var i = 0; i < firsts.Length; i++)
            {
                for (int value = firsts[i]; value <= lasts[i]; value++)
                {
                    yield return (ushort)value;
                }
            }
        }
    }
}
