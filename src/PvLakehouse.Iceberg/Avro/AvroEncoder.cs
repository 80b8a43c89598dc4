using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace PvLakehouse.Iceberg.Avro;

/// <summary>Writes values of the Avro binary encoding into a growing buffer.</summary>
internal sealed class AvroEncoder
{
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);

    public int Length => _buffer.WrittenCount;

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public void Clear() => _buffer.ResetWrittenCount();

    public void WriteBoolean(bool value) => Put([value ? (byte)1 : (byte)0]);

    public void WriteLong(long value)
    {
        var rest = ((ulong)value << 1) ^ (ulong)(value >> 63);
        var span = _buffer.GetSpan(10);
        var length = 0;
        while (rest > 0x7f)
        {
            span[length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        span[length++] = (byte)rest;
        _buffer.Advance(length);
    }

    public void WriteFloat(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    public void WriteDouble(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteLong(bytes.Length);
        Put(bytes);
    }

    public void WriteString(string text) => WriteBytes(Encoding.UTF8.GetBytes(text));

    public void WriteFixed(ReadOnlySpan<byte> bytes) => Put(bytes);

    private void Put(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);
}
