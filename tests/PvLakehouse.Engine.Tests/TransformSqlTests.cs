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
        { "void", "int", ["5"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_partition_value_is_that_of_the_library(string transformText, string typeText, string[] values)
    {
        var transform = Transform.Parse(transformText);
        var type = IcebergType.Parse(typeText);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
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

    [Fact]
    public void A_transform_that_cannot_be_written_is_refused_by_name()
    {
        var error = Assert.Throws<SqlEngineException>(() => TransformSql.Of(Transform.Bucket(16), IcebergType.Long, "v"));
        Assert.Equal("Tables partitioned or sorted by bucket[16] of long cannot be written yet; identity, year, month, day, hour and truncate can.", error.Message);
    }

    private static object Utc(object value) => value is DateTime { Kind: DateTimeKind.Utc } instant ? new DateTimeOffset(instant) : value;
}
