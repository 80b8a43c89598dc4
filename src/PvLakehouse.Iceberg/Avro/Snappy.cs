namespace PvLakehouse.Iceberg.Avro;

/// <summary>Unpacks the raw Snappy format (Snappy "format_description.txt"), which .NET does not know.</summary>
internal static class Snappy
{
    /// <param name="packed">Length of the result as a variable-length number, then literals and copies.</param>
    /// <param name="largest">A longer result is refused before memory is taken for it.</param>
    /// <exception cref="IcebergFormatException">The bytes are no Snappy data.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed, int largest)
    {
        var position = 0;
        var length = ReadLength(packed, ref position);

        // A byte of input gives at most 64 of output, so that a larger promise is damage.
        if (length > largest || length > 64L * packed.Length)
        {
            throw Damaged($"{packed.Length} bytes promise {length}");
        }

        var plain = new byte[length];
        var filled = 0;
        while (position < packed.Length)
        {
            int tag = packed[position++];
            if ((tag & 3) == 0)
            {
                var size = LiteralSize(tag >> 2, packed, ref position);
                if (size > packed.Length - position || size > plain.Length - filled)
                {
                    throw Damaged($"a literal of {size} bytes does not fit");
                }

                packed.Slice(position, (int)size).CopyTo(plain.AsSpan(filled));
                position += (int)size;
                filled += (int)size;
            }
            else
            {
                filled += Copy(plain, filled, tag, packed, ref position);
            }
        }

        return filled == plain.Length ? plain : throw Damaged($"{plain.Length} bytes are promised and {filled} come");
    }

    private static long ReadLength(ReadOnlySpan<byte> packed, ref int position)
    {
        var value = 0L;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var b = (byte)ReadNumber(packed, ref position, 1);
            value |= (long)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Damaged("the length is longer than five bytes");
    }

    /// <summary>Up to 60 the size lies in the tag; above, in one to four bytes that follow.</summary>
    private static long LiteralSize(int upper, ReadOnlySpan<byte> packed, ref int position) =>
        upper < 60 ? upper + 1 : ReadNumber(packed, ref position, upper - 59) + 1;

    /// <summary>Repeats earlier output, which may overlap what it writes.</summary>
    private static int Copy(byte[] plain, int filled, int tag, ReadOnlySpan<byte> packed, ref int position)
    {
        var (size, offset) = (tag & 3) switch
        {
            1 => (((tag >> 2) & 7) + 4, ((tag >> 5) * 256) + ReadNumber(packed, ref position, 1)),
            2 => ((tag >> 2) + 1, ReadNumber(packed, ref position, 2)),
            _ => ((tag >> 2) + 1, ReadNumber(packed, ref position, 4)),
        };
        if (offset == 0 || offset > filled || size > plain.Length - filled)
        {
            throw Damaged($"a copy of {size} bytes from {offset} back does not fit after {filled} bytes");
        }

        var from = filled - (int)offset;
        for (var i = 0; i < size; i++)
        {
            plain[filled + i] = plain[from + i];
        }

        return size;
    }

    private static long ReadNumber(ReadOnlySpan<byte> packed, ref int position, int bytes)
    {
        if (bytes > packed.Length - position)
        {
            throw Damaged("the data end too early");
        }

        var value = 0L;
        for (var i = 0; i < bytes; i++)
        {
            value |= (long)packed[position++] << (8 * i);
        }

        return value;
    }

    private static IcebergFormatException Damaged(string why) => new($"Snappy data are damaged: {why}.");
}
