using System.Globalization;
using System.Numerics;
using DuckDB.NET.Data;
using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

/// <summary>DuckDB must compute the same partition values as the Iceberg library does in C#.</summary>
public sealed class TransformSqlTests
{
    public static TheoryData<string, string, string[]> Cases => new()
    {
        { "identity", "int", ["0", "-5", "2147483647"] },
        { "identity", "long", ["-9223372036854775808"] },
        { "identity", "string", ["", "a b/c:é%", "null", "__HIVE_DEFAULT_PARTITION__"] },
        { "identity", "date", ["1950-01-01", "2024-02-29"] },
        { "identity", "boolean", ["true", "false"] },
        { "identity", "decimal(9, 2)", ["-3.25", "0.00"] },
        { "identity", "timestamp", ["1969-12-31 23:59:59.999999", "2024-01-01 00:00:00"] },
        { "identity", "timestamptz", ["1969-12-31 23:59:59.999999+00", "2024-01-01 10:00:00+10"] },
        { "identity", "time", ["00:00:00.000001", "23:59:59"] },
        { "identity", "uuid", ["f79c3e09-677c-4bbd-a479-3f349cb785e7"] },
        { "year", "date", ["1969-12-31", "1970-01-01", "0001-01-01", "9999-12-31"] },
        { "year", "timestamptz", ["1969-12-31 23:59:59.999999+00", "2024-01-01 05:00:00+10"] },
        { "month", "date", ["1969-12-31", "1969-12-01", "1968-02-29", "2024-12-31"] },
        { "month", "timestamp", ["1969-12-31 23:59:59.999999", "1970-01-01 00:00:00", "2024-02-29 12:00:00"] },
        { "month", "timestamptz", ["1969-11-30 23:59:59.999999+00", "2024-03-01 05:00:00+10"] },
        { "day", "timestamp", ["1969-12-31 23:59:59.999999", "1970-01-01 00:00:00"] },
        { "day", "timestamptz", ["1969-12-31 23:59:59.999999+00", "2024-03-01 05:00:00+10"] },
        { "day", "date", ["1969-12-31", "2024-03-01"] },
        { "hour", "timestamp", ["1969-12-31 23:59:59.999999", "1969-12-31 23:00:00", "1969-12-31 22:59:59.999999", "2024-01-01 01:59:59"] },
        { "hour", "timestamptz", ["2024-01-01 01:30:00+05:30"] },
        { "truncate[10]", "int", ["-1", "0", "19", "-10", "-11"] },
        { "truncate[7]", "long", ["-1", "9007199254740993"] },
        { "truncate[2]", "string", ["e😀éb", "x", "", "🏳️‍🌈!"] },
        { "truncate[50]", "decimal(9, 2)", ["10.65", "-0.05", "0.49", "-123.45"] },
        { "void", "int", ["5"] },
        { "bucket[16]", "int", ["34", "0", "-1", "-2147483648"] },
        { "bucket[100]", "long", ["34", "9223372036854775807", "-9223372036854775808"] },
        { "bucket[7]", "date", ["2017-11-16", "1969-12-31"] },
        { "bucket[7]", "time", ["22:31:08", "00:00:00.000001"] },
        { "bucket[7]", "timestamp", ["2017-11-16 22:31:08", "1969-12-31 23:59:59.999999"] },
        { "bucket[7]", "timestamptz", ["2017-11-16 14:31:08-08", "1969-12-31 23:59:59.999999+00"] },
        { "bucket[64]", "decimal(9, 2)", ["14.20", "-14.20", "0.00", "-0.05", "2.55", "2.56", "-1.28", "-1.29"] },
        { "bucket[64]", "string", ["iceberg", "", "e😀éb"] },
        { "bucket[64]", "uuid", ["f79c3e09-677c-4bbd-a479-3f349cb785e7", "00000000-0000-0000-0000-000000000001"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_partition_value_is_that_of_the_library(string transformText, string typeText, string[] values)
    {
        var transform = Transform.Parse(transformText);
        var type = IcebergType.Parse(typeText);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        BucketFunctions.Register(connection);
        var duckDb = new DuckDbStatements(connection);
        await duckDb.ExecuteAsync("SET TimeZone = 'UTC'", TestContext.Current.CancellationToken);
        foreach (var value in values)
        {
            var sql = TransformSql.Of(transform, type, "v");
            var rows = await duckDb.RowsAsync(
                $"SELECT CAST({sql} AS VARCHAR), v FROM (SELECT CAST({SqlText.Literal(value)} AS {DuckDbTypes.Of(type)}) AS v)",
                TestContext.Current.CancellationToken);

            var actual = rows[0][0] is string text ? TransformSql.Read(transform, type, text) : null;

            Assert.Equal(transform.Apply(Literal.From(type, Utc(rows[0][1]!))), actual);
        }
    }

    [Theory]
    [InlineData("bucket[64]", "1234567890123456789012345678.0123456789")]
    [InlineData("bucket[64]", "-9999999999999999999999999999.9999999999")]
    [InlineData("truncate[1000]", "1234567890123456789012345678.0123456789")]
    [InlineData("truncate[1000]", "-1234567890123456789012345678.0123456789")]
    public async Task Decimals_wider_than_those_of_dotnet_lose_no_digit(string transformText, string value)
    {
        var transform = Transform.Parse(transformText);
        var type = IcebergType.Decimal(38, 10);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        BucketFunctions.Register(connection);

        var rows = await new DuckDbStatements(connection).RowsAsync(
            $"SELECT CAST({TransformSql.Of(transform, type, $"'{value}'::DECIMAL(38, 10)")} AS VARCHAR)", TestContext.Current.CancellationToken);

        var unscaled = BigInteger.Parse(value.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        Assert.Equal(transform.Apply(Literal.Decimal(unscaled, 38, 10)), TransformSql.Read(transform, type, (string)rows[0][0]!));
    }

    /// <summary>
    /// Hashes of Appendix B of the specification. Its bucket formula is
    /// (hash &amp; 0x7fffffff) % N, where a negative hash h becomes 2^31 + h.
    /// </summary>
    [Theory]
    [InlineData("int", "34", 2017239379L)]
    [InlineData("long", "34", 2017239379L)]
    [InlineData("decimal(9, 2)", "14.20", -500754589L)]
    [InlineData("date", "2017-11-16", -653330422L)]
    [InlineData("time", "22:31:08", -662762989L)]
    [InlineData("timestamp", "2017-11-16 22:31:08", -2047944441L)]
    [InlineData("timestamp", "2017-11-16 22:31:08.000001", -1207196810L)]
    [InlineData("timestamptz", "2017-11-16 14:31:08-08", -2047944441L)]
    [InlineData("timestamptz", "2017-11-16 14:31:08.000001-08", -1207196810L)]
    [InlineData("string", "iceberg", 1210000089L)]
    [InlineData("uuid", "f79c3e09-677c-4bbd-a479-3f349cb785e7", 1488055340L)]
    [InlineData("binary", "\\x00\\x01\\x02\\x03", -188683207L)]
    public async Task Buckets_are_those_of_the_specification(string typeText, string value, long hash)
    {
        var type = IcebergType.Parse(typeText);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        BucketFunctions.Register(connection);
        var duckDb = new DuckDbStatements(connection);
        await duckDb.ExecuteAsync("SET TimeZone = 'UTC'", TestContext.Current.CancellationToken);

        // A null between, so that a value is not taken from another row; and from a connection of a worker.
        var rows = await duckDb.InParallelAsync<int, List<object?[]>>([1009, 3], (worker, buckets, _, token) => worker.RowsAsync(
            $"SELECT {TransformSql.Of(Transform.Bucket(buckets), type, "v")} FROM (SELECT CAST(unnest([NULL, {SqlText.Literal(value)}, NULL]) AS {DuckDbTypes.Of(type)}) AS v)",
            token), TestContext.Current.CancellationToken);

        var positive = hash < 0 ? 2147483648L + hash : hash;
        Assert.Equal([null, (int)(positive % 1009), null], rows[0].Select(r => r[0]));
        Assert.Equal([null, (int)(positive % 3), null], rows[1].Select(r => r[0]));
    }

    [Fact]
    public void A_transform_that_cannot_be_written_is_refused_by_name()
    {
        var error = Assert.Throws<SqlEngineException>(() => TransformSql.Of(Transform.Bucket(16), IcebergType.Parse("fixed[4]"), "v"));
        Assert.Equal(
            "Tables partitioned or sorted by bucket[16] of fixed[4] cannot be written; the transforms of the specification can, of columns that DuckDB can write.",
            error.Message);
    }

    private static object Utc(object value) => value is DateTime { Kind: DateTimeKind.Utc } instant ? new DateTimeOffset(instant) : value;
}
