using System.Text;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Tests.Manifests;

public sealed class DataFileMetricsTests
{
    private static readonly Schema Schema = new(
    [
        NestedField.Optional(1, "s", IcebergType.String),
        NestedField.Optional(2, "b", IcebergType.Binary),
        NestedField.Optional(3, "d", IcebergType.Double),
        NestedField.Optional(4, "tags", new ListType(5, IcebergType.String, true)),
    ]);

    [Theory]

    // Spec, "Truncated bounds": the upper bound is cut and then its last character that can be is raised by one.
    [InlineData("sixteen letters!", "sixteen letters!", "sixteen letters!")]
    [InlineData("sixteen letters!!", "sixteen letters!", "sixteen letters\"")]
    [InlineData("🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞", "🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞", "🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌟")]
    [InlineData("aaaaaaaaaaaaaaa\uD7FFz", "aaaaaaaaaaaaaaa\uD7FF", "aaaaaaaaaaaaaaa\uE000")]
    [InlineData("aaaaaaaaaaaaaa\U0010FFFF\U0010FFFFz", "aaaaaaaaaaaaaa\U0010FFFF\U0010FFFF", "aaaaaaaaaaaaab")]
    public void Long_strings_are_cut_to_sixteen_code_points(string value, string lower, string upper)
    {
        var metrics = From(1, Literal.String(value), Literal.String(value));
        Assert.Equal(lower, Encoding.UTF8.GetString(metrics.LowerBounds[1].Span));
        Assert.Equal(upper, Encoding.UTF8.GetString(metrics.UpperBounds[1].Span));
    }

    [Fact]
    public void An_upper_bound_that_cannot_be_raised_is_left_out()
    {
        var highest = string.Concat(Enumerable.Repeat("\U0010FFFF", 17));
        var metrics = From(1, Literal.String(highest), Literal.String(highest));
        Assert.True(metrics.LowerBounds.ContainsKey(1));
        Assert.False(metrics.UpperBounds.ContainsKey(1));
        Assert.False(From(2, Bytes(17, 0xff), Bytes(17, 0xff)).UpperBounds.ContainsKey(2));
    }

    [Fact]
    public void Long_bytes_are_cut_and_the_last_that_can_be_is_raised()
    {
        byte[] value = [.. Enumerable.Repeat((byte)1, 15), 0xff, 7];
        var metrics = From(2, Literal.Binary(value), Literal.Binary(value));
        Assert.Equal(value.AsSpan(0, 16).ToArray(), metrics.LowerBounds[2].ToArray());
        Assert.Equal([.. Enumerable.Repeat((byte)1, 14), 2], metrics.UpperBounds[2].ToArray());
    }

    [Fact]
    public void Zeros_are_bounded_by_their_signs_and_nan_bounds_nothing()
    {
        var zeros = From(3, Literal.Double(0.0), Literal.Double(-0.0));
        Assert.Equal("0000000000000080", Convert.ToHexString(zeros.LowerBounds[3].Span));
        Assert.Equal("0000000000000000", Convert.ToHexString(zeros.UpperBounds[3].Span));
        Assert.Empty(From(3, Literal.Double(double.NaN), Literal.Double(double.NaN)).UpperBounds);
    }

    [Fact]
    public void Columns_inside_lists_have_counts_but_no_bounds()
    {
        var metrics = From(5, Literal.String("a"), Literal.String("b"));
        Assert.Equal((9, 0), (metrics.ValueCounts[5], metrics.LowerBounds.Count));
    }

    [Fact]
    public void Modes_of_the_table_decide_what_is_kept()
    {
        var metrics = DataFileMetrics.From(
            Table(new()
            {
                ["write.metadata.metrics.default"] = "counts",
                ["write.metadata.metrics.column.b"] = "none",
                ["write.metadata.metrics.column.d"] = "full",
            }),
            new Dictionary<int, ColumnStatistics>
            {
                [1] = Statistics(Literal.String("a"), Literal.String("b")),
                [2] = Statistics(Literal.Binary([1]), Literal.Binary([2])),
                [3] = Statistics(Literal.Double(1), Literal.Double(2)),
            });
        Assert.Equal([1, 3], metrics.ValueCounts.Keys);
        Assert.Equal([3], metrics.LowerBounds.Keys);
        Assert.Equal([3], metrics.NanValueCounts.Keys);
        Assert.Equal([1, 2, 3], metrics.ColumnSizes.Keys);
    }

    [Fact]
    public void Only_the_first_hundred_columns_get_metrics_unless_asked_for_or_sorted_by()
    {
        var wide = new Schema([.. Enumerable.Range(1, 103).Select(i => NestedField.Optional(i, $"c{i}", IcebergType.Long))]);
        var table = NewTable.Build(
            new TableCreation
            {
                Schema = wide,
                SortOrder = SortOrder.By(wide, "c102"),
                Properties = new Dictionary<string, string> { ["write.metadata.metrics.column.c103"] = "counts" },
            },
            "/t",
            Guid.Empty).Build(DateTimeOffset.UnixEpoch);
        var metrics = DataFileMetrics.From(table, wide.Columns.ToDictionary(c => c.Id, _ => Statistics(Literal.Long(1), Literal.Long(2))));
        Assert.Equal([.. Enumerable.Range(1, 100), 102, 103], metrics.ValueCounts.Keys);
        Assert.Equal([.. Enumerable.Range(1, 100), 102], metrics.LowerBounds.Keys);
    }

    [Fact]
    public void Wrong_bounds_fields_and_modes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => From(3, Literal.String("a"), null));
        Assert.Throws<ArgumentException>(() => From(4, null, null));
        Assert.Throws<ArgumentException>(() => From(99, null, null));
        Assert.Throws<IcebergException>(() => DataFileMetrics.From(
            Table(new() { ["write.metadata.metrics.default"] = "truncate(0)" }), new Dictionary<int, ColumnStatistics>()));
    }

    private static Literal Bytes(int count, byte value) => Literal.Binary([.. Enumerable.Repeat(value, count)]);

    private static ColumnMetrics From(int id, Literal? min, Literal? max) =>
        DataFileMetrics.From(Table([]), new Dictionary<int, ColumnStatistics> { [id] = Statistics(min, max) });

    private static ColumnStatistics Statistics(Literal? min, Literal? max) =>
        new() { SizeInBytes = 10, ValueCount = 9, NullCount = 1, NanCount = 0, Min = min, Max = max };

    private static TableMetadata Table(Dictionary<string, string> properties) => NewTable
        .Build(new TableCreation { Schema = Schema, Properties = properties }, "/t", Guid.Empty).Build(DateTimeOffset.UnixEpoch);
}
