using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Spec;

/// <summary>Defaults in the JSON form of single values; the examples are those of the specification's table.</summary>
public sealed class DefaultValueTests
{
    public static TheoryData<string, string, Literal> Examples => new()
    {
        { "boolean", "true", Literal.Boolean(true) },
        { "int", "34", Literal.Int(34) },
        { "long", "34", Literal.Long(34) },
        { "float", "1.0", Literal.Float(1) },
        { "double", "1.0", Literal.Double(1) },
        { "decimal(9, 2)", "\"14.20\"", Literal.Decimal(1420, 9, 2) },
        { "decimal(9, 0)", "\"-14\"", Literal.Decimal(-14, 9, 0) },
        { "decimal(9, 2)", "\"2E+2\"", Literal.Decimal(20000, 9, 2) },
        { "decimal(9, 2)", "\"0.05\"", Literal.Decimal(5, 9, 2) },
        { "date", "\"2017-11-16\"", Literal.Whole(IcebergType.Date, 17486) },
        { "time", "\"22:31:08.123456\"", Literal.Whole(IcebergType.Time, 81_068_123_456) },
        { "timestamp", "\"2017-11-16T22:31:08.123456\"", Literal.Whole(IcebergType.Timestamp, 1_510_871_468_123_456) },
        { "timestamptz", "\"2017-11-16T22:31:08.123456+00:00\"", Literal.Whole(IcebergType.TimestampTz, 1_510_871_468_123_456) },
        { "timestamp_ns", "\"2017-11-16T22:31:08.123456789\"", Literal.Whole(IcebergType.TimestampNs, 1_510_871_468_123_456_789) },
        { "timestamptz_ns", "\"2017-11-16T22:31:08.123456789+00:00\"", Literal.Whole(IcebergType.TimestampTzNs, 1_510_871_468_123_456_789) },
        { "timestamp", "\"1969-12-31T23:59:59.999999\"", Literal.Whole(IcebergType.Timestamp, -1) },
        { "string", "\"iceberg\"", Literal.String("iceberg") },
        { "uuid", "\"f79c3e09-677c-4bbd-a479-3f349cb785e7\"", Literal.Uuid(Guid.Parse("f79c3e09-677c-4bbd-a479-3f349cb785e7")) },
        { "fixed[4]", "\"000102ff\"", Literal.Fixed([0, 1, 2, 255]) },
        { "binary", "\"000102FF\"", Literal.Binary([0, 1, 2, 255]) },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_default_is_a_value_of_its_type_and_is_written_back(string type, string json, Literal expected)
    {
        var schema = Read(type, json);
        Assert.Equal(expected, schema.Columns[0].InitialDefault);
        Assert.Equal(expected, schema.Columns[0].WriteDefault);
        Assert.True(Schema.FromJson(schema.ToJson()).HasSameFields(schema));
        Assert.False(Read(type, "null").HasSameFields(schema));
        Assert.Empty(schema.Columns[0].Extra.Names);
    }

    [Theory]
    [InlineData("timestamptz", "2017-11-16T22:31:08+00:00", "\"2017-11-16T22:31:08+00:00\"")]
    [InlineData("decimal(9, 2)", "0.05", "\"0.05\"")]
    [InlineData("fixed[2]", "0AFF", "\"0aff\"")]
    [InlineData("timestamp_ns", "2017-11-16T22:31:08.000000001", "\"2017-11-16T22:31:08.000000001\"")]
    public void Defaults_are_written_in_the_form_of_the_specification(string type, string text, string expected) =>
        Assert.Contains($"\"initial-default\":{expected},\"write-default\":{expected}", Read(type, $"\"{text}\"").ToJson(), StringComparison.Ordinal);

    [Theory]
    [InlineData("boolean", "1")]
    [InlineData("int", "3000000000")]
    [InlineData("int", "1.5")]
    [InlineData("int", "\"34\"")]
    [InlineData("float", "1e60")]
    [InlineData("double", "\"NaN\"")]
    [InlineData("decimal(4, 2)", "\"100.00\"")]
    [InlineData("decimal(4, 2)", "\"0.005\"")]
    [InlineData("decimal(4, 2)", "14.20")]
    [InlineData("decimal(4, 2)", "\"1,5\"")]
    [InlineData("date", "\"2017-02-29\"")]
    [InlineData("date", "17486")]
    [InlineData("time", "\"24:00:00\"")]
    [InlineData("time", "\"22:31:08.123456789\"")]
    [InlineData("timestamp", "\"2017-11-16T22:31:08+00:00\"")]
    [InlineData("timestamp", "\"2017-11-16\"")]
    [InlineData("timestamptz", "\"2017-11-16T22:31:08\"")]
    [InlineData("timestamptz", "\"2017-11-16T22:31:08+01:00\"")]
    [InlineData("timestamp_ns", "\"9999-11-16T22:31:08\"")]
    [InlineData("uuid", "\"f79c3e09677c4bbda4793f349cb785e7\"")]
    [InlineData("fixed[4]", "\"000102\"")]
    [InlineData("binary", "\"00010\"")]
    [InlineData("binary", "\"xx\"")]
    [InlineData("unknown", "1")]
    [InlineData("variant", "{}")]
    [InlineData("geometry", "\"POINT (1 2)\"")]
    public void A_default_that_is_no_value_of_its_type_is_refused(string type, string json)
    {
        var failure = Assert.Throws<IcebergFormatException>(() => Read(type, json));
        Assert.Contains("initial-default of field 'c'", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"no value of {type}", failure.Message, StringComparison.Ordinal);
    }

    private const string Struct = "{\"type\":\"struct\",\"fields\":[{\"id\":2,\"name\":\"i\",\"required\":false,\"type\":\"int\",\"initial-default\":5}]}";
    private const string List = "{\"type\":\"list\",\"element-id\":2,\"element\":\"int\",\"element-required\":false}";
    private const string Map = "{\"type\":\"map\",\"key-id\":2,\"key\":\"string\",\"value-id\":3,\"value\":\"int\",\"value-required\":false}";

    [Theory]
    [InlineData(Struct, "{}")]
    [InlineData(Struct, "{\"2\":7}")]
    [InlineData(List, "[1,2,null]")]
    [InlineData(Map, "{\"keys\":[\"a\"],\"values\":[1]}")]
    public void Defaults_of_nested_types_are_kept_as_they_are(string type, string json)
    {
        var schema = ReadNested(type, json);
        Assert.Null(schema.Columns[0].InitialDefault);
        Assert.Equal(json, schema.Columns[0].NestedInitialDefault);
        Assert.Equal(json, schema.Columns[0].NestedWriteDefault);
        Assert.Contains($"\"initial-default\":{json}", schema.ToJson(), StringComparison.Ordinal);
        Assert.True(Schema.FromJson(schema.ToJson()).HasSameFields(schema));
    }

    [Theory]
    [InlineData(Struct, "[]")]
    [InlineData(Struct, "{\"3\":7}")]
    [InlineData(Struct, "{\"i\":7}")]
    [InlineData(Struct, "{\"2\":\"x\"}")]
    [InlineData(List, "{}")]
    [InlineData(List, "[\"x\"]")]
    [InlineData(Map, "{}")]
    [InlineData(Map, "{\"keys\":[\"a\"],\"values\":[]}")]
    [InlineData(Map, "{\"keys\":[1],\"values\":[1]}")]
    public void Nested_defaults_that_do_not_fit_are_refused(string type, string json) =>
        Assert.Throws<IcebergFormatException>(() => ReadNested(type, json));

    [Fact]
    public void A_column_of_unknown_type_cannot_be_required() => Assert.Throws<IcebergFormatException>(() => Schema.FromJson(
        "{\"type\":\"struct\",\"fields\":[{\"id\":1,\"name\":\"c\",\"required\":true,\"type\":\"unknown\"}]}"));

    [Fact]
    public void Defaults_that_pyiceberg_wrote_are_read()
    {
        var metadata = TableMetadata.FromJson(File.ReadAllBytes(SharedFixtures.Path(
            "data/persistent/add_columns_with_defaults/default.db/add_columns_with_defaults/metadata/00003-3f1801a5-7dfb-4072-b14a-39cd12f9279b.metadata.json")));
        var defaults = metadata.Schema.Columns.Where(c => c.InitialDefault is not null).ToDictionary(c => c.Type.ToString(), c => c.InitialDefault!.Value);
        Assert.Equal(Literal.Whole(IcebergType.Time, 12345), defaults["time"]);
        Assert.Equal(Literal.Whole(IcebergType.TimestampTz, 12345), defaults["timestamptz"]);
        Assert.Equal(Literal.Date(new DateOnly(2003, 10, 20)), defaults["date"]);
        Assert.Equal(Literal.Binary([1, 2]), defaults["binary"]);
        Assert.Equal(Literal.Long(long.MinValue), defaults["long"]);
        Assert.Equal(Literal.Double(0.342343242342342), defaults["double"]);
        Assert.Equal(14, defaults.Count);
    }

    private static Schema Read(string type, string json) => ReadNested($"\"{type}\"", json);

    private static Schema ReadNested(string type, string json) => Schema.FromJson(
        $$"""
        {"type":"struct","fields":[{"id":1,"name":"c","required":false,"type":{{type}},"initial-default":{{json}},"write-default":{{json}}}]}
        """);
}
