using System.Buffers.Binary;
using System.Text;

namespace PvLakehouse.Engine.Tests.Support;

/// <summary>
/// Writes Parquet files byte by byte from the format's specification, in shapes that DuckDB does not write: one row group, a plain
/// uncompressed page for each column.
/// </summary>
internal sealed class RawParquet
{
    private readonly List<Element> _schema = [];
    private readonly List<Chunk> _chunks = [];

    /// <summary>Values of Parquet's <c>Type</c>.</summary>
    public enum Physical
    {
        Int32 = 1,
        Int64 = 2,
        Int96 = 3,
        Bytes = 6,
        Fixed = 7,
    }

    /// <summary>Values of <c>FieldRepetitionType</c>.</summary>
    public enum Repetition
    {
        Required = 0,
        Optional = 1,
        Repeated = 2,
    }

    /// <summary>Those values of <c>ConvertedType</c> that the tests use.</summary>
    public enum Converted
    {
        Utf8 = 0,
        Map = 1,
        MapKeyValue = 2,
        List = 3,
        Enum = 4,
        Decimal = 5,
        TimestampMillis = 9,
    }

    /// <summary>Adds a group; its children follow.</summary>
    public RawParquet Group(string name, Repetition repetition, int children, Converted? converted = null, int? id = null)
    {
        _schema.Add(new Element(name, repetition, null, children, converted, id));
        return this;
    }

    /// <summary>Adds a column with its values, of which the nulls are left out.</summary>
    /// <param name="name">Name.</param>
    /// <param name="repetition">Repetition.</param>
    /// <param name="physical">How values are stored.</param>
    /// <param name="path">Its path in the file.</param>
    /// <param name="values">The stored bytes, without nulls.</param>
    /// <param name="definition">Definition levels of all values, and the highest that is possible; null when it is 0.</param>
    /// <param name="repeat">Repetition levels of all values, and the highest that is possible; null when it is 0.</param>
    /// <param name="length">Length of fixed values [bytes].</param>
    /// <param name="converted">Meaning of the values.</param>
    /// <param name="scale">Precision and scale of decimals.</param>
    /// <param name="nanosUtc">Whether they are instants in nanoseconds.</param>
    /// <param name="id">Field id.</param>
    public RawParquet Column(
        string name, Repetition repetition, Physical physical, string path, IReadOnlyList<byte[]> values,
        (int[] Levels, int Most)? definition = null, (int[] Levels, int Most)? repeat = null, int? length = null,
        Converted? converted = null, (int Precision, int Scale)? scale = null, bool nanosUtc = false, int? id = null)
    {
        _schema.Add(new Element(name, repetition, physical, 0, converted, id) { Length = length, Scale = scale, NanosUtc = nanosUtc });
        var count = definition?.Levels.Length ?? values.Count;
        byte[] stored = physical is Physical.Bytes ? [.. values.SelectMany(v => Int32(v.Length).Concat(v))] : [.. values.SelectMany(v => v)];
        _chunks.Add(new Chunk(physical, path.Split('/'), count, [.. Levels(repeat), .. Levels(definition), .. stored]));
        return this;
    }

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of top-level columns.</param>
    public void Write(string path, long rows, int columns)
    {
        using var file = new MemoryStream();
        file.Write("PAR1"u8);
        var metadata = new List<byte[]>();
        foreach (var chunk in _chunks)
        {
            var start = file.Position;
            file.Write(new Thrift().Number(1, 0).Number(2, chunk.Page.Length).Number(3, chunk.Page.Length)
                .Struct(5, new Thrift().Number(1, chunk.Count).Number(2, 0).Number(3, 3).Number(4, 3)).Bytes());
            file.Write(chunk.Page);
            var size = file.Position - start;
            metadata.Add(new Thrift().Long(2, start).Struct(3, new Thrift()
                .Number(1, (int)chunk.Physical).Numbers(2, [0, 3]).Texts(3, chunk.Path).Number(4, 0).Long(5, chunk.Count)
                .Long(6, size).Long(7, size).Long(9, start)).Bytes());
        }

        var root = new Thrift().Text(4, "schema").Number(5, columns).Bytes();
        var footer = new Thrift().Number(1, 1)
            .Structs(2, [root, .. _schema.Select(e => e.Bytes())])
            .Long(3, rows)
            .Structs(4, [new Thrift().Structs(1, metadata).Long(2, file.Position - 4).Long(3, rows).Bytes()])
            .Text(6, "by hand").Bytes();
        file.Write(footer);
        file.Write(Int32(footer.Length));
        file.Write("PAR1"u8);
        File.WriteAllBytes(path, file.ToArray());
    }

    public static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    public static byte[] Int64(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    /// <summary>A timestamp as Impala and old Spark store it: nanoseconds of the day, then the Julian day.</summary>
    public static byte[] Int96(int julianDay, long nanoseconds) => [.. Int64(nanoseconds), .. Int32(julianDay)];

    /// <summary>Levels in the hybrid encoding: a run of one for each value.</summary>
    private static byte[] Levels((int[] Levels, int Most)? levels)
    {
        if (levels is not { } some)
        {
            return [];
        }

        byte[] runs = [.. some.Levels.SelectMany(l => new byte[] { 2, (byte)l })];
        return [.. Int32(runs.Length), .. runs];
    }

    private sealed record Chunk(Physical Physical, string[] Path, int Count, byte[] Page);

    private sealed record Element(string Name, Repetition Repetition, Physical? Physical, int Children, Converted? Converted, int? Id)
    {
        public int? Length { get; init; }

        public (int Precision, int Scale)? Scale { get; init; }

        public bool NanosUtc { get; init; }

        public byte[] Bytes()
        {
            var text = new Thrift().Maybe(1, (int?)Physical).Maybe(2, Length).Number(3, (int)Repetition).Text(4, Name)
                .Maybe(5, Children > 0 ? Children : null).Maybe(6, (int?)Converted).Maybe(7, Scale?.Scale).Maybe(8, Scale?.Precision).Maybe(9, Id);
            if (NanosUtc)
            {
                text.Struct(10, new Thrift().Struct(8, new Thrift().True(1).Struct(2, new Thrift().Struct(3, new Thrift()))));
            }

            return text.Bytes();
        }
    }

    /// <summary>A struct in Thrift's compact protocol; fields in rising order.</summary>
    private sealed class Thrift
    {
        private readonly List<byte> _bytes = [];
        private int _last;

        public Thrift Number(int field, int value) => Header(field, 5).Varint(Zigzag(value));

        public Thrift Maybe(int field, int? value) => value is { } some ? Number(field, some) : this;

        public Thrift Long(int field, long value) => Header(field, 6).Varint(Zigzag(value));

        public Thrift True(int field) => Header(field, 1);

        public Thrift Text(int field, string value) => Header(field, 8).String(value);

        public Thrift Struct(int field, Thrift value) => Header(field, 12).Raw(value.Bytes());

        public Thrift Numbers(int field, int[] values) =>
            values.Aggregate(Header(field, 9).Size(values.Length, 5), (t, v) => t.Varint(Zigzag(v)));

        public Thrift Texts(int field, string[] values) => values.Aggregate(Header(field, 9).Size(values.Length, 8), (t, v) => t.String(v));

        public Thrift Structs(int field, List<byte[]> values) =>
            values.Aggregate(Header(field, 9).Size(values.Count, 12), (t, v) => t.Raw(v));

        public byte[] Bytes() => [.. _bytes, 0];

        private static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

        private Thrift Header(int field, int type)
        {
            _bytes.Add((byte)(((field - _last) << 4) | type));
            _last = field;
            return this;
        }

        private Thrift Size(int count, int type)
        {
            if (count < 15)
            {
                _bytes.Add((byte)((count << 4) | type));
                return this;
            }

            _bytes.Add((byte)(0xF0 | type));
            return Varint((ulong)count);
        }

        private Thrift String(string value)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            return Varint((ulong)bytes.Length).Raw(bytes);
        }

        private Thrift Raw(byte[] bytes)
        {
            _bytes.AddRange(bytes);
            return this;
        }

        private Thrift Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
            {
                _bytes.Add((byte)(value | 0x80));
            }

            _bytes.Add((byte)value);
            return this;
        }
    }
}
