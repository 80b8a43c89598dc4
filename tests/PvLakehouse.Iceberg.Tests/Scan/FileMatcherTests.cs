using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Scan;

public sealed class FileMatcherTests
{
    private static DateTimeOffset June => new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static DateTimeOffset July => new(2025, 7, 1, 0, 0, 0, TimeSpan.Zero);

    // The file is partition 2025-06 of month(date_hour); its hours are 2025-06-01T00 to 2025-06-30T23.
    public static TheoryData<Expression, MatchResult> ByPartition => new()
    {
        { Expression.True, MatchResult.All },
        { Expression.False, MatchResult.None },
        { Expression.GreaterThanOrEqual("date_hour", June), MatchResult.All },
        { Expression.GreaterThan("date_hour", June), MatchResult.Some },
        { Expression.GreaterThanOrEqual("date_hour", June.AddHours(1)), MatchResult.Some },
        { Expression.LessThan("date_hour", July), MatchResult.All },
        { Expression.LessThan("date_hour", July.AddTicks(-10)), MatchResult.Some },
        { Expression.LessThan("date_hour", June), MatchResult.None },
        { Expression.Not(Expression.LessThan("date_hour", June)), MatchResult.All },
        { Expression.Not(Expression.GreaterThanOrEqual("date_hour", June)), MatchResult.None },
        { Expression.And(Expression.GreaterThanOrEqual("date_hour", June), Expression.LessThan("date_hour", July)), MatchResult.All },
        { Expression.And(Expression.GreaterThanOrEqual("date_hour", June), Expression.Equal("facility", "A")), MatchResult.Some },
        { Expression.Or(Expression.GreaterThanOrEqual("date_hour", June), Expression.Equal("facility", "A")), MatchResult.All },
        { Expression.Or(Expression.LessThan("date_hour", June), Expression.Equal("facility", "A")), MatchResult.Some },
        { Expression.And(Expression.LessThan("date_hour", June), Expression.Equal("facility", "A")), MatchResult.None },
        { Expression.NotNull("facility"), MatchResult.All },
        { Expression.IsNull("facility"), MatchResult.None },
        { Expression.NotNull("energy"), MatchResult.Some },
        { Expression.In("facility", []), MatchResult.None },
    };

    [Theory]
    [MemberData(nameof(ByPartition))]
    public async Task A_partition_tells_whether_all_its_rows_match(Expression filter, MatchResult expected)
    {
        var table = await TestTable.CreateAsync();
        var file = TestTable.Month(2025, 6) with { Metrics = ColumnMetrics.None };
        Assert.Equal(expected, new FileMatcher(table.Metadata, filter).Match(file));
    }

    // Facility is "AGLHAL" in all rows, or anything from "A" to "AZ"; energy is 1 to 5 with or without nulls and NaN.
    public static TheoryData<Expression, ColumnMetrics, MatchResult> ByMetrics => new()
    {
        { Expression.Equal("facility", "AGLHAL"), Facility("AGLHAL", "AGLHAL"), MatchResult.All },
        { Expression.NotEqual("facility", "AGLHAL"), Facility("AGLHAL", "AGLHAL"), MatchResult.None },
        { Expression.NotIn("facility", ["AGLHAL", "B"]), Facility("AGLHAL", "AGLHAL"), MatchResult.None },
        { Expression.In("facility", ["AGLHAL", "B"]), Facility("AGLHAL", "AGLHAL"), MatchResult.All },
        { Expression.StartsWith("facility", "A"), Facility("A", "AZ"), MatchResult.All },
        { Expression.NotStartsWith("facility", "A"), Facility("A", "AZ"), MatchResult.None },
        { Expression.NotStartsWith("facility", "B"), Facility("A", "AZ"), MatchResult.All },
        { Expression.StartsWith("facility", "AA"), Facility("A", "AZ"), MatchResult.Some },
        { Expression.Equal("facility", "AGLHAL"), Facility("A", "AZ"), MatchResult.Some },

        // Sixteen characters may be the beginning of a longer value, whose writer did not raise the upper bound.
        { Expression.Equal("facility", "ABCDEFGHIJKLMNOP"), Facility("ABCDEFGHIJKLMNOP", "ABCDEFGHIJKLMNOP"), MatchResult.Some },
        { Expression.NotEqual("facility", "ABCDEFGHIJKLMNOP"), Facility("ABCDEFGHIJKLMNOP", "ABCDEFGHIJKLMNOP"), MatchResult.Some },
        { Expression.LessThanOrEqual("energy", 5.0), Energy(nulls: 0, nans: 0), MatchResult.All },
        { Expression.LessThan("energy", 5.0), Energy(nulls: 0, nans: 0), MatchResult.Some },
        { Expression.GreaterThan("energy", 0.5), Energy(nulls: 0, nans: 0), MatchResult.All },
        { Expression.GreaterThan("energy", 0.5), Energy(nulls: 1, nans: 0), MatchResult.Some },
        { Expression.GreaterThan("energy", 0.5), Energy(nulls: 0, nans: 1), MatchResult.Some },
        { Expression.GreaterThan("energy", 0.5), Energy(nulls: 0, nans: null), MatchResult.Some },
        { Expression.Not(Expression.GreaterThan("energy", 5.0)), Energy(nulls: 0, nans: 0), MatchResult.All },
        { Expression.Not(Expression.GreaterThan("energy", 5.0)), Energy(nulls: 0, nans: 1), MatchResult.Some },
        { Expression.NotNull("energy"), Energy(nulls: 0, nans: 3), MatchResult.All },
        { Expression.NotNaN("energy"), Energy(nulls: 0, nans: 0), MatchResult.All },
        { Expression.NotNaN("energy"), Energy(nulls: 1, nans: 0), MatchResult.Some },
        { Expression.IsNull("energy"), Energy(nulls: 10, nans: 0), MatchResult.All },
        { Expression.GreaterThan("energy", 0.5), ColumnMetrics.None, MatchResult.Some },
    };

    [Theory]
    [MemberData(nameof(ByMetrics))]
    public async Task Metrics_tell_whether_all_rows_match(Expression filter, ColumnMetrics metrics, MatchResult expected)
    {
        var table = await TestTable.CreateAsync(spec: PartitionSpec.Unpartitioned);
        Assert.Equal(expected, new FileMatcher(table.Metadata, filter).Match(TestTable.File("f") with { Metrics = metrics }));
    }

    [Fact]
    public async Task Partition_and_metrics_tell_together_what_neither_tells_alone()
    {
        var table = await TestTable.CreateAsync();
        var file = TestTable.Month(2025, 6) with { Metrics = Energy(nulls: 0, nans: 0) };
        var filter = Expression.And(Expression.GreaterThanOrEqual("date_hour", June), Expression.LessThanOrEqual("energy", 5.0));
        Assert.Equal(MatchResult.All, new FileMatcher(table.Metadata, filter).Match(file));
        Assert.Equal(MatchResult.Some, new FileMatcher(table.Metadata, filter).Match(file with { Metrics = ColumnMetrics.None }));
    }

    [Fact]
    public async Task A_residual_keeps_only_what_the_file_does_not_tell()
    {
        var table = await TestTable.CreateAsync();
        var file = TestTable.Month(2025, 6) with { Metrics = ColumnMetrics.None };
        var open = Expression.Equal("facility", "A");
        Assert.Equal(open, Residual(Expression.And(Expression.GreaterThanOrEqual("date_hour", June), open)));
        Assert.Equal(open, Residual(Expression.Or(Expression.LessThan("date_hour", June), open)));
        Assert.Equal(Expression.True, Residual(Expression.Or(Expression.GreaterThanOrEqual("date_hour", June), open)));
        Assert.Equal(Expression.False, Residual(Expression.And(Expression.LessThan("date_hour", June), open)));
        Assert.Equal(Expression.Not(open), Residual(Expression.Not(Expression.Or(open, Expression.LessThan("date_hour", June)))));

        Expression Residual(Expression filter) => new FileMatcher(table.Metadata, filter).Residual(file);
    }

    [Fact]
    public async Task Structs_may_always_be_null_or_not()
    {
        var catalog = new InMemoryCatalog("mem:/w", new PvLakehouse.Iceberg.IO.InMemoryFileIO());
        await catalog.CreateNamespaceAsync(TestTable.Name.Namespace, cancellationToken: TestTable.Cancel);
        var schema = new Schema([NestedField.Optional(1, "s", new StructType([NestedField.Optional(2, "i", IcebergType.Int)]))]);
        var table = await catalog.CreateTableAsync(TestTable.Name, new() { Schema = schema }, TestTable.Cancel);
        foreach (var filter in new[] { Expression.IsNull("s"), Expression.NotNull("s"), Expression.Not(Expression.IsNull("s")) })
        {
            Assert.Equal(MatchResult.Some, new FileMatcher(table.Metadata, filter).Match(TestTable.File("f")));
        }
    }

    [Fact]
    public async Task Unknown_columns_and_specs_are_refused()
    {
        var table = await TestTable.CreateAsync();
        Assert.Throws<ArgumentException>(() => new FileMatcher(table.Metadata, Expression.Equal("none", 1)));
        Assert.Throws<IcebergFormatException>(() => new FileMatcher(table.Metadata, Expression.True).Match(TestTable.File("f") with { SpecId = 7 }));
        Assert.Equal(MatchResult.Some, new FileMatcher(table.Metadata, Expression.Equal("FACILITY", "A"), caseSensitive: false).Match(TestTable.Month(2025, 6)));
    }

    private static ColumnMetrics Facility(string lower, string upper) => new()
    {
        ValueCounts = TestTable.Map(1, 10L),
        NullValueCounts = TestTable.Map(1, 0L),
        LowerBounds = TestTable.Map<ReadOnlyMemory<byte>>(1, SingleValue.ToBytes(Literal.String(lower))),
        UpperBounds = TestTable.Map<ReadOnlyMemory<byte>>(1, SingleValue.ToBytes(Literal.String(upper))),
    };

    private static ColumnMetrics Energy(long nulls, long? nans) => new()
    {
        ValueCounts = TestTable.Map(3, 10L),
        NullValueCounts = TestTable.Map(3, nulls),
        NanValueCounts = nans is { } n ? TestTable.Map(3, n) : FieldMap<long>.Empty,
        LowerBounds = TestTable.Map<ReadOnlyMemory<byte>>(3, SingleValue.ToBytes(Literal.Double(1))),
        UpperBounds = TestTable.Map<ReadOnlyMemory<byte>>(3, SingleValue.ToBytes(Literal.Double(5))),
    };
}
