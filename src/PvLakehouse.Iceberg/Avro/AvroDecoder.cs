using System.Buffers.Binary;
using System.Text;

namespace PvLakehouse.Iceberg.Avro;

/// <summary>
/// Reads values of the Avro binary encoding from memory; every length is checked before it is believed.
/// </summary>
internal ref struct AvroDecoder(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    public readonly bool AtEnd => _position == _data.Length;

    public bool ReadBoolean() => Take(1)[0] switch
    {
        0 => false,
        1 => true,
        var other => throw Corrupt($"{other} is no boolean"),
    };

    public int ReadInt()
    {
        var value = ReadLong();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Corrupt($"{value} is no 32-bit integer");
    }

    public long ReadLong()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_position >= _data.Length)
            {
                throw Corrupt("the data end inside a number");
            }

            var b = _data[_position++];
            value |= (ulong)(b & 0x7f) << shift;
            if ((b & 0x80) == 0)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw Corrupt("a number is longer than ten bytes");
    }

    public float ReadFloat() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public ReadOnlySpan<byte> ReadBytes() => Take(ReadLong());

    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    public ReadOnlySpan<byte> ReadFixed(int size) => Take(size);

    /// <summary>Reads the head of a block of array or map items; 0 ends the array.</summary>
    public int ReadBlockCount()
    {
        var count = ReadLong();
        if (count < 0)
        {
            // A negative count is followed by the size of the block, for those who want to skip it.
            count = -count;
            _ = ReadLong();
        }

        // Every item of the arrays that Iceberg defines takes at least a byte, so a larger count cannot be true.
        return count >= 0 && count <= _data.Length - _position ? (int)count : throw Corrupt($"a block promises {count} items");
    }

    public void Skip(AvroSchema schema)
    {
        switch (schema)
        {
            case AvroPrimitive primitive:
                SkipPrimitive(primitive.Kind);
                break;
            case AvroFixed @fixed:
                Take(@fixed.Size);
                break;
            case AvroEnum:
                ReadInt();
                break;
            case AvroUnion union:
                Skip(Branch(union));
                break;
            case AvroRecord record:
                foreach (var field in record.Fields)
                {
                    Skip(field.Type);
                }

                break;
            case AvroArray array:
                for (var count = ReadBlockCount(); count != 0; count = ReadBlockCount())
                {
                    for (var i = 0; i < count; i++)
                    {
                        Skip(array.Items);
                    }
                }

                break;
            case AvroMap map:
                for (var count = ReadBlockCount(); count != 0; count = ReadBlockCount())
                {
                    for (var i = 0; i < count; i++)
                    {
                        ReadBytes();
                        Skip(map.Values);
                    }
                }

                break;
        }
    }

    /// <summary>Reads which branch of a union follows.</summary>
    public AvroSchema Branch(AvroUnion union)
    {
        var index = ReadLong();
        return index >= 0 && index < union.Branches.Count
            ? union.Branches[(int)index]
            : throw Corrupt($"a union of {union.Branches.Count} has no branch {index}");
    }

    private void SkipPrimitive(AvroPrimitiveKind kind)
    {
        switch (kind)
        {
            case AvroPrimitiveKind.Boolean:
                Take(1);
                break;
            case AvroPrimitiveKind.Int or AvroPrimitiveKind.Long:
                ReadLong();
                break;
            case AvroPrimitiveKind.Float:
                Take(4);
                break;
            case AvroPrimitiveKind.Double:
                Take(8);
                break;
            case AvroPrimitiveKind.Bytes or AvroPrimitiveKind.String:
                ReadBytes();
                break;
        }
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _data.Length - _position)
        {
            throw Corrupt($"{count} bytes are promised and {_data.Length - _position} are left");
        }

        var bytes = _data.Slice(_position, (int)count);
        _position += (int)count;
        return bytes;
    }

    private readonly IcebergFormatException Corrupt(string why) => new($"Avro data are damaged at byte {_position}: {why}.");
}
