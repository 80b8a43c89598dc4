using CsCheck;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

/// <summary>Any sequence of statements leaves the rows that it leaves in a table of DuckDB's own.</summary>
public sealed class RowStatementPropertyTests
{
    [Fact]
    public Task Rows_are_those_of_a_plain_table() => Gen.Select(Gen.Int[0, 2], RowStatementGen.Insert, RowStatementGen.Statement.Array[4, 9]).SampleAsync(
        async (layout, first, statements) =>
        {
            await using var lake = await Lake.MakeAsync();
            var session = await lake.OpenAsync();
            await lake.CreateAsync(
                "silver.t",
                [("id", IcebergType.Int), ("g", IcebergType.String), ("v", IcebergType.Double)],
                s => layout switch
                {
                    0 => PartitionSpec.Unpartitioned,
                    1 => PartitionSpec.For(s).Identity("g").Build(),
                    _ => PartitionSpec.For(s).Truncate("id", 10).Build(),
                },
                sortedBy: layout == 1 ? ["id"] : null);
            await session.ExecuteAsync("CREATE TEMP TABLE plain (id INTEGER, g VARCHAR, v DOUBLE)", Lake.Cancel);
            foreach (var statement in statements.Prepend(first))
            {
                await session.RunLinesAsync(statement.Replace("TABLE_HERE", "iceberg.silver.t", StringComparison.Ordinal));
                await session.ExecuteAsync(statement.Replace("TABLE_HERE", "plain", StringComparison.Ordinal), Lake.Cancel);
                var different = await session.LinesAsync("""
                    (FROM iceberg.silver.t EXCEPT ALL FROM plain) UNION ALL (FROM plain EXCEPT ALL FROM iceberg.silver.t)
                    """);
                Assert.True(different.Length == 0, $"{statement}\nleaves other rows: {string.Join("; ", different)}");
            }
        },
        iter: 15, threads: 1);
}
