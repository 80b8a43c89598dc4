using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Tests.Spec;

public sealed class SchemaTests
{
    private const string Nested =
        """
        {"type":"struct","schema-id":3,"identifier-field-ids":[1],"fields":[
          {"id":1,"name":"id","required":true,"type":"long","doc":"row id","initial-default":7},
          {"id":2,"name":"tags","required":false,"type":{"type":"list","element-id":4,"element":"string","element-required":true}},
          {"id":3,"name":"at","required":false,"type":{"type":"struct","fields":[
            {"id":5,"name":"lat","required":true,"type":"double"},
            {"id":6,"name":"price","required":false,"type":"decimal(9,2)"}]}},
          {"id":7,"name":"by","required":false,"type":{"type":"map","key-id":8,"key":"string","value-id":9,"value":"fixed[16]","value-required":false}}]}
        """;

    [Fact]
    public void Nested_fields_are_found_by_id_and_by_full_name()
    {
        var schema = Schema.FromJson(Nested);
        Assert.Equal("at.price", schema.Find(6)?.FullName);
        Assert.Equal(IcebergType.Decimal(9, 2), schema.Find("at.price")?.Type);
        Assert.Equal(4, schema.Find("tags.element")?.Id);
        Assert.True(schema.Find("by.value")!.Repeated);
        Assert.Equal((3, 9), (schema.SchemaId, schema.HighestFieldId));
    }

    [Fact]
    public void Json_form_loses_nothing_even_what_is_not_understood()
    {
        var schema = Schema.FromJson(Nested);
        Assert.Equal(Literal.Long(7), schema.Columns[0].InitialDefault);
        Assert.Equal(schema, Schema.FromJson(schema.ToJson()));
        Assert.Contains("\"initial-default\":7", schema.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_without_case_are_found_unless_ambiguous()
    {
        var schema = new Schema(
            [NestedField.Optional(1, "user_id", IcebergType.Int), NestedField.Optional(2, "uSeR_Id", IcebergType.Int), NestedField.Optional(3, "X", IcebergType.Int)]);
        Assert.Equal(3, schema.Find("x", caseSensitive: false)?.Id);
        Assert.Equal(2, schema.Find("uSeR_Id", caseSensitive: false)?.Id);
        Assert.Throws<ArgumentException>(() => schema.Find("USER_ID", caseSensitive: false));
        Assert.Null(schema.Find("x"));
    }

    [Fact]
    public void An_id_cannot_be_used_twice_at_any_level() => Assert.Throws<ArgumentException>(() => new Schema(
        [NestedField.Optional(1, "a", IcebergType.Int), NestedField.Optional(2, "b", new ListType(1, IcebergType.Int, false))]));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public void Only_required_and_exact_fields_can_identify_rows(int id) => Assert.Throws<ArgumentException>(() => new Schema(
        [NestedField.Mandatory(1, "a", IcebergType.Int), NestedField.Optional(2, "b", IcebergType.Int), NestedField.Mandatory(3, "c", IcebergType.Double)],
        0,
        [id]));

    [Theory]
    [InlineData("timestamptz", "timestamptz")]
    [InlineData("decimal( 9 , 2 )", "decimal(9, 2)")]
    [InlineData("fixed[16]", "fixed[16]")]
    [InlineData("timestamp_ns", "timestamp_ns")]
    public void Type_text_is_read_and_printed(string text, string printed) =>
        Assert.Equal(printed, IcebergType.Parse(text).ToString());

    [Theory]
    [InlineData("varchar")]
    [InlineData("decimal(39,2)")]
    [InlineData("decimal(5,6)")]
    [InlineData("fixed[x]")]
    [InlineData("")]
    public void Unknown_types_are_refused_by_name(string text)
    {
        var failure = Assert.Throws<IcebergFormatException>(() => IcebergType.Parse(text));
        Assert.Contains($"'{text}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Partition_names_must_not_clash_with_other_columns()
    {
        var schema = new Schema([NestedField.Optional(1, "a", IcebergType.Date), NestedField.Optional(2, "a_day", IcebergType.Int)]);
        Assert.Throws<ArgumentException>(() => PartitionSpec.For(schema).Day("a"));
        Assert.Throws<ArgumentException>(() => PartitionSpec.For(schema).Hour("a"));
        Assert.Throws<ArgumentException>(() => PartitionSpec.For(schema).Identity("b"));
    }
}
