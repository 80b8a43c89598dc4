using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CsCheck;
using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Json;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Metadata;

/// <summary>
/// Texts with pieces put in, left out, doubled and moved: each parser gives a value that can be used, or its one typed
/// failure; and it does not take much memory for either.
/// </summary>
public sealed class TextNoiseTests
{
    /// <summary>More than any parser needs for a small document [bytes].</summary>
    private const long MuchMemory = 16L * 1024 * 1024;

    private static readonly string[] Pieces =
    [
        "null", "true", "-1", "0", "1.5", "1e999", "2147483648", "99999999999999999999", "\"\"", "\"\\ud800\"",
        "\\u0000", "\\udc00", "{", "}", "[", "]", "[[[[[[[[", "{\"a\":", ",", ":", "\"", "\\", " ", "(", ")", "\u0001",
        "\ud800", "🌞", "long", "struct", "map", "decimal(38,38)", "decimal(99, 0)", "fixed[999999999]", "bucket[0]",
        "2038-01-19T03:14:08+00:00", "0000-00-00", "9999-12-31T23:59:59.999999999", "ff",
    ];

    private static readonly Gen<(int Kind, int From, int To, string Piece)[]> Changes = Gen.Select(
        Gen.Int[0, 5], Gen.Int[0, 65535], Gen.Int[0, 65535], Gen.OneOf(Gen.OneOf(Pieces), Gen.String[0, 3]))
        .Array[1, 4];

    /// <summary>A schema with every type, and defaults.</summary>
    private const string SchemaJson =
        """
        {"type":"struct","schema-id":3,"identifier-field-ids":[1],"fields":[
         {"id":1,"name":"a","required":true,"type":"long","doc":"x","initial-default":34,"write-default":35},
         {"id":2,"name":"b","required":false,"type":"decimal(9, 2)","initial-default":"14.20"},
         {"id":3,"name":"c","required":false,"type":{"type":"struct","fields":[
           {"id":4,"name":"d","required":false,"type":"timestamptz_ns"},
           {"id":5,"name":"e","required":true,"type":"uuid"}]}},
         {"id":6,"name":"f","required":false,"type":{"type":"list","element-id":7,
           "element":"fixed[16]","element-required":true}},
         {"id":8,"name":"g","required":false,"type":{"type":"map","key-id":9,"key":"string","value-id":10,
           "value":{"type":"list","element-id":11,"element":"geometry(srid:4326)","element-required":false},
           "value-required":false}},
         {"id":12,"name":"h","required":false,"type":"date","initial-default":"2017-11-16"},
         {"id":13,"name":"i","required":false,"type":"time","write-default":"22:31:08.123456"}]}
        """;

    private const string MetadataJson =
        """
        {"format-version":2,"table-uuid":"9c12d441-03fe-4693-9a96-a0705ddf69c1","location":"mem:/t",
         "last-sequence-number":1,"last-updated-ms":1,"last-column-id":1,"current-schema-id":0,
         "schemas":[{"type":"struct","schema-id":0,"fields":[{"id":1,"name":"x","required":true,"type":"long"}]}],
         "default-spec-id":0,"partition-specs":[{"spec-id":0,"fields":[]}],"last-partition-id":999,
         "default-sort-order-id":0,"sort-orders":[{"order-id":0,"fields":[]}],
         "properties":{"schema.name-mapping.default":"[]","write.metadata.previous-versions-max":"5"},
         "current-snapshot-id":1,
         "snapshots":[{"snapshot-id":1,"timestamp-ms":1,"sequence-number":1,"summary":{"operation":"append"},
           "manifest-list":"a"}],
         "snapshot-log":[{"snapshot-id":1,"timestamp-ms":1}],"metadata-log":[{"metadata-file":"m","timestamp-ms":1}],
         "refs":{"main":{"snapshot-id":1,"type":"branch","min-snapshots-to-keep":2,"max-snapshot-age-ms":5}},
         "statistics":[{"snapshot-id":1,"statistics-path":"s","file-size-in-bytes":1,"file-footer-size-in-bytes":1,
           "blob-metadata":[]}]}
        """;

    private static readonly Dictionary<string, Parser> Parsers = new(StringComparer.Ordinal)
    {
        ["metadata"] = Typed(MetadataJson, text =>
        {
            var table = TableMetadata.FromJson(Encoding.UTF8.GetBytes(text), "here");
            _ = table.Schema.AllFields.Count + table.Spec.Fields.Count + table.Ancestors(1).Count();
            _ = TableMetadata.FromJson(table.ToJson());
        }),
        ["schema"] = Typed(SchemaJson, text => _ = Schema.FromJson(Schema.FromJson(text).ToJson()).AllFields.Count),
        ["partition spec"] = Typed(
            """
            {"spec-id":1,"fields":[{"source-id":1,"field-id":1000,"name":"b","transform":"bucket[4]"},
             {"source-ids":[2],"field-id":1001,"name":"d","transform":"day"}]}
            """,
            text => _ = Read(text, PartitionSpecJson.Read).Fields.Count),
        ["partition fields"] = Typed(
            """[{"source-id":1,"name":"b","transform":"truncate[4]"},{"source-id":2,"name":"v","transform":"void"}]""",
            text => _ = Read(text, PartitionSpecJson.ReadFields).Count),
        ["sort order"] = Typed(
            """
            {"order-id":1,"fields":[
             {"transform":"identity","source-id":1,"direction":"asc","null-order":"nulls-first"}]}
            """,
            text => _ = Read(text, PartitionSpecJson.ReadOrder).Fields.Count),
        ["name mapping"] = Typed(
            """
            [{"field-id":1,"names":["id","record_id"]},{"names":["x"]},
             {"field-id":2,"names":["location"],"fields":[{"field-id":3,"names":["lat","latitude"]}]}]
            """,
            text => _ = NameMapping.FromJson(text).Find("id")?.FieldId),
        ["avro schema"] = Typed(
            """
            {"type":"record","name":"a.manifest_entry","fields":[{"name":"status","type":"int","field-id":0},
             {"name":"snapshot_id","type":["null","long"],"default":null,"field-id":1},
             {"name":"data_file","field-id":2,"type":{"type":"record","name":"r2","fields":[
               {"name":"file_path","type":"string","field-id":100},
               {"name":"k","type":{"type":"fixed","name":"f","size":16}},
               {"name":"e","type":{"type":"enum","name":"c","symbols":["A","B"]}},
               {"name":"again","type":["null","a.f"]},
               {"name":"sizes","type":["null",{"type":"array","logicalType":"map","items":{
                 "type":"record","name":"k1_v2","fields":[
                 {"name":"key","type":"int","field-id":1},{"name":"value","type":"bytes","field-id":2}]}}]}]}}]}
            """,
            text => _ = AvroSchema.Parse(text).ToString()),
        ["type"] = Typed("decimal(10, 2)", text => _ = IcebergType.Parse(text).ToString()),
        ["geography"] = Typed("geography(srid:4326, karney)", text => _ = IcebergType.Parse(text).ToString()),
        ["transform"] = Typed(
            "bucket[16]",
            text => Assert.Equal(Transform.Parse(text), Transform.Parse(Transform.Parse(text).ToString()))),
        ["table name"] = new(
            "bronze.solar.energy",
            text => _ = TableIdentifier.Parse(text).Namespace.Levels.Count,
            e => e is ArgumentException),
        ["address"] = new("s3a://bucket/a//b", text => _ = FileAddress.Parse(text).ToString(), _ => false),
    };

    public static TheoryData<string> Names => [.. Parsers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Noise_is_parsed_or_refused(string name)
    {
        var (text, parse, isRefusal) = Parsers[name];
        parse(text);
        var (parsed, refused, largest) = (0, 0, 0L);
        Changes.Sample(
            changes =>
            {
                var noise = changes.Aggregate(text, (t, c) => Change(t, c.Kind, c.From, c.To, c.Piece));
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    parse(noise);
                    parsed++;
                }
                catch (Exception e) when (isRefusal(e))
                {
                    Assert.NotEmpty(e.Message);
                    refused++;
                }

                largest = Math.Max(largest, GC.GetAllocatedBytesForCurrentThread() - before);
            },
            iter: 4000,
            threads: 1,
            print: changes => changes.Aggregate(text, (t, c) => Change(t, c.Kind, c.From, c.To, c.Piece)));
        TestContext.Current.TestOutputHelper!.WriteLine($"{parsed} parsed, {refused} refused, {largest} bytes at most");
        Assert.True(largest < MuchMemory, $"{largest} bytes");
        Assert.True(parsed > 20, $"{parsed} parsed");
    }

    [Fact]
    public void Values_of_every_type_are_read_from_any_json()
    {
        string[] types =
        [
            "boolean", "int", "long", "float", "double", "decimal(9, 2)", "decimal(38, 0)", "date", "time", "timestamp",
            "timestamptz", "timestamp_ns", "timestamptz_ns", "string", "uuid", "fixed[4]", "binary",
        ];
        string[] values =
        [
            "true", "34", "1.25", "\"14.20\"", "\"2017-11-16\"", "\"22:31:08.123456\"",
            "\"2017-11-16T22:31:08.123456\"", "\"2017-11-16T22:31:08.123456789+00:00\"", "\"iceberg\"",
            "\"f79c3e09-677c-4bbd-a479-3f349cb785e7\"", "\"000102ff\"",
        ];
        var (read, refused) = (0, 0);
        Gen.Select(Gen.OneOf(types), Gen.OneOf(values), Changes).Sample(
            (type, value, changes) =>
            {
                var noise = changes.Aggregate(value, (t, c) => Change(t, c.Kind, c.From, c.To, c.Piece));
                try
                {
                    var literal = Read(noise, json => SingleValueJson.Read(IcebergType.Parse(type), json));

                    // What was read can be written in both forms.
                    _ = SingleValue.FromBytes(IcebergType.Parse(type), SingleValue.ToBytes(literal)).ToString();
                    _ = JsonText.Write(writer => SingleValueJson.Write(writer, literal));
                    read++;
                }
                catch (IcebergFormatException)
                {
                    refused++;
                }
            },
            iter: 30_000,
            threads: 1,
            print: t => $"{t.Item1}: {t.Item3.Aggregate(t.Item2, (x, c) => Change(x, c.Kind, c.From, c.To, c.Piece))}");
        Assert.True(read > 200 && refused > 1000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Bounds_of_every_type_are_read_from_any_bytes()
    {
        string[] types =
        [
            "boolean", "int", "long", "float", "double", "decimal(9, 2)", "date", "time", "timestamp", "timestamptz",
            "timestamp_ns", "timestamptz_ns", "string", "uuid", "fixed[4]", "binary", "unknown", "variant", "geometry",
        ];
        Gen.Select(Gen.OneOf(types), Gen.OneOf(Gen.Byte, Gen.OneOf<byte>(0, 0x7f, 0x80, 0xff)).Array[0, 17]).Sample(
            (type, bytes) =>
            {
                try
                {
                    _ = SingleValue.FromBytes(IcebergType.Parse(type), bytes).ToString();
                }
                catch (IcebergFormatException e)
                {
                    Assert.Contains($"{bytes.Length} bytes", e.Message, StringComparison.Ordinal);
                }
            },
            iter: 30_000,
            threads: 1,
            print: t => $"{t.Item1}: {Convert.ToHexString(t.Item2)}");
    }

    [Fact]
    public void Damaged_compressed_metadata_is_read_or_refused()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(MetadataJson));
        }

        var intact = packed.ToArray();
        var (read, refused) = (0, 0);
        _ = TableMetadata.FromJson(intact, "here");
        Noise.Changes([0, 1, 0x1f, 0x8b, 0xff]).Sample(
            changes =>
            {
                try
                {
                    _ = TableMetadata.FromJson(Noise.Apply(intact, changes), "here");
                    read++;
                }
                catch (IcebergFormatException e)
                {
                    Assert.Equal("here", e.Location);
                    refused++;
                }
            },
            iter: 5000,
            threads: 1);
        Assert.True(read > 0 && refused > 1000, $"{read} read, {refused} refused");
    }

    private static Parser Typed(string text, Action<string> parse) =>
        new(text, parse, e => e is IcebergFormatException);

    private static T Read<T>(string text, Func<JsonElement, T> read) => JsonText.Read(text, "The text", read);

    private static string Change(string text, int kind, int from, int to, string piece)
    {
        var (a, b) = ((int)((long)from * text.Length / 65536), (int)((long)to * text.Length / 65536));
        var (start, end) = (Math.Min(a, b), Math.Max(a, b));
        return kind switch
        {
            0 => text.Remove(start, Math.Min(end - start, 12)),
            1 => text[..start],
            2 => text[..end] + text[start..end] + text[end..],
            3 => text[..start] + piece + text[Math.Min(start + piece.Length, text.Length)..],
            _ => text.Insert(start, piece),
        };
    }

    /// <param name="Text">A valid text.</param>
    /// <param name="Parse">Reads it and uses what was read.</param>
    /// <param name="IsRefusal">Whether a failure is the one that the parser promises.</param>
    private sealed record Parser(string Text, Action<string> Parse, Func<Exception, bool> IsRefusal);
}
