using System.Buffers.Binary;

namespace PvLakehouse.Iceberg.Deletes;

/// <summary>
/// Reads the portable serialisation of 64-bit Roaring bitmaps (RoaringFormatSpec, "Extension for 64-bit implementations"):
/// a count, then for each value of the upper 32 bits that value and a 32-bit bitmap. Everything is checked before it is
/// believed.
/// </summary>
internal ref struct RoaringReader(ReadOnlySpan<byte> data)
{
    /// <summary>Begins a bitmap without run containers; the number of containers follows.</summary>
    private const uint CookieWithoutRuns = 12346;

    /// <summary>Lower half of the number that begins a bitmap with run containers; the upper is their number - 1.</summary>
    private const uint CookieWithRuns = 12347;

    /// <summary>Bitmaps with runs and fewer containers than this have no table of offsets.</summary>
    private const int FewestWithOffsets = 4;

    /// <summary>Key, cookie, and number of containers: no bitmap takes less.</summary>
    private const int SmallestBitmap = 12;

    private ReadOnlySpan<byte> _rest = data;

    /// <exception cref="IcebergFormatException">The bytes are no such bitmap.</exception>
    public static PositionSet Read(ReadOnlySpan<byte> data)
    {
        var reader = new RoaringReader(data);
        var set = reader.ReadSet();
        return reader._rest.IsEmpty ? set : throw Wrong($"{reader._rest.Length} bytes are left after the last bitmap");
    }

    private PositionSet ReadSet()
    {
        var count = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        if (count > (ulong)(_rest.Length / SmallestBitmap))
        {
            throw Wrong($"{count} bitmaps cannot be in {_rest.Length} bytes");
        }

        var keys = new uint[count];
        var bitmaps = new RoaringBitmap[count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = UInt32();
            if (keys[i] > int.MaxValue || (i > 0 && keys[i] <= keys[i - 1]))
            {
                throw Wrong($"key {keys[i]} is above {int.MaxValue} or not above the one before");
            }

            bitmaps[i] = ReadBitmap();
        }

        return new PositionSet(keys, bitmaps);
    }

    private RoaringBitmap ReadBitmap()
    {
        var cookie = UInt32();
        var hasRuns = (cookie & 0xffff) == CookieWithRuns;
        if (!hasRuns && cookie != CookieWithoutRuns)
        {
            throw Wrong($"a bitmap begins with {cookie}, which is neither {CookieWithoutRuns} nor {CookieWithRuns}");
        }

        var count = hasRuns ? (cookie >> 16) + 1 : UInt32();
        if (count > 1 << 16)
        {
            throw Wrong($"a bitmap has {count} containers, but 65536 is the most");
        }

        var runs = hasRuns ? Take(((int)count + 7) / 8) : default;
        var heads = Take((int)count * 4);
        if (!hasRuns || count >= FewestWithOffsets)
        {
            // Containers follow each other without gaps, so that their offsets say nothing new.
            Take((int)count * 4);
        }

        var keys = new ushort[count];
        var containers = new RoaringContainer[count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = BinaryPrimitives.ReadUInt16LittleEndian(heads[(4 * i)..]);
            if (i > 0 && keys[i] <= keys[i - 1])
            {
                throw Wrong($"container {keys[i]} comes after container {keys[i - 1]}");
            }

            var size = BinaryPrimitives.ReadUInt16LittleEndian(heads[((4 * i) + 2)..]) + 1;
            var isRun = hasRuns && (runs[i / 8] >> (i % 8) & 1) != 0;
            containers[i] = isRun ? ReadRuns()
                : size <= RoaringContainer.LargestArray ? ReadArray(size)
                : ReadWords();
            if (containers[i].Count != size)
            {
                throw Wrong($"container {keys[i]} holds {containers[i].Count} numbers and says {size}");
            }
        }

        return new RoaringBitmap(keys, containers);
    }

    private RoaringContainer.Array ReadArray(int size)
    {
        var bytes = Take(size * 2);
        var values = new ushort[size];
        for (var i = 0; i < size; i++)
        {
            values[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
            if (i > 0 && values[i] <= values[i - 1])
            {
                throw Wrong($"{values[i]} comes after {values[i - 1]} in an array");
            }
        }

        return new RoaringContainer.Array(values);
    }

    private RoaringContainer.Bitmap ReadWords()
    {
        var bytes = Take(RoaringContainer.BitmapWords * 8);
        var words = new ulong[RoaringContainer.BitmapWords];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * i)..]);
        }

        return new RoaringContainer.Bitmap(words);
    }

    private RoaringContainer.Runs ReadRuns()
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
        var bytes = Take(count * 4);
        var (firsts, lasts) = (new ushort[count], new ushort[count]);
        for (var i = 0; i < count; i++)
        {
            var first = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(4 * i)..]);
            var last = first + BinaryPrimitives.ReadUInt16LittleEndian(bytes[((4 * i) + 2)..]);
            if (last > ushort.MaxValue || (i > 0 && first <= lasts[i - 1]))
            {
                throw Wrong($"run {first} to {last} overlaps the one before or goes beyond 65535");
            }

            (firsts[i], lasts[i]) = (first, (ushort)last);
        }

        return new RoaringContainer.Runs(firsts, lasts);
    }

    private uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw Wrong($"{count} bytes are promised and {_rest.Length} are left");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static IcebergFormatException Wrong(string why) => new($"A Roaring bitmap is damaged: {why}.");
}
