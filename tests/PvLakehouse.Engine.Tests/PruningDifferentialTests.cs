using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

/// <summary>A pruned query must answer what the same query answers over a plain copy of the rows.</summary>
public sealed class PruningDifferentialTests
{
    private static readonly (string Column, string[] Constants)[] Columns =
    [
        ("id", ["0", "37", "99", "-1", "50.0", "12.5", "NULL"]),
        ("name", ["'a'", "'m17'", "'m5'", "'zz'", "''"]),
        ("at", ["'2024-02-01'", "DATE '2024-03-15'", "TIMESTAMP '2024-01-31 23:00:00'", "TIMESTAMPTZ '2024-03-01 09:30:00+10'", "'1969-06-01'"]),
        ("v", ["0", "0.5", "0.1", "1e-1", "'nan'::DOUBLE", "'infinity'::DOUBLE"]),
        ("m", ["0", "1.25", "-3.5", "2.555", "7"]),
        ("d", ["DATE '2024-02-10'", "'2024-01-05'", "TIMESTAMP '2024-02-10 12:00:00'", "TIMESTAMP '2024-02-10 00:00:00'"]),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Pruned_and_plain_answers_are_equal(int seed)
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync(
            "silver.t",
            [("id", IcebergType.Int), ("name", IcebergType.String), ("at", IcebergType.TimestampTz), ("v", IcebergType.Double), ("m", IcebergType.Decimal(9, 2)), ("d", IcebergType.Date)],
            s => PartitionSpec.For(s).Month("at").Build());
        var session = await lake.OpenAsync();
        for (var part = 0; part < 6; part++)
        {
            await session.AppendAsync("silver.t", FormattableString.Invariant($"""
                SELECT nullif({part} * 16 + i % 16, 40) AS id, CASE WHEN i % 7 = 0 THEN NULL ELSE 'm' || ({part} * 4 + i % 5) END AS name,
                       CASE WHEN {part} = 5 AND i % 2 = 0 THEN NULL ELSE TIMESTAMPTZ '2024-01-15 00:00:00+00' + to_hours({part} * 240 + i * 3) END AS at,
                       CASE WHEN {part} = 2 AND i = 3 THEN 'nan'::DOUBLE WHEN i % 11 = 0 THEN NULL ELSE (({part} - 3) * 0.1 + i * 0.01)::DOUBLE END AS v,
                       (({part} - 2) * 2.5 + i * 0.25)::DECIMAL(9, 2) AS m, DATE '2024-01-01' + ({part} * 12 + i % 12)::INTEGER AS d
                FROM range(40) t(i)
                """));
        }

        await session.ExecuteAsync("CREATE TEMP TABLE plain AS SELECT * FROM iceberg.silver.t", Lake.Cancel);
        await session.ExecuteAsync("CREATE TEMP TABLE other AS SELECT i AS k, i % 3 AS c FROM range(0, 100, 7) t(i)", Lake.Cancel);
        var random = new Random(seed);
        var pruned = 0L;
        for (var round = 0; round < 120; round++)
        {
            var query = Query(random);

            var result = await session.QueryAsync(query.Replace("TABLE_HERE", "iceberg.silver.t", StringComparison.Ordinal), null, Lake.Cancel);
            var actual = string.Join('|', (await result.ToListAsync(Lake.Cancel))[0].Select(v => v ?? "null"));

            var expected = (await session.LinesAsync(query.Replace("TABLE_HERE", "plain", StringComparison.Ordinal)))[0];
            Assert.True(expected.Equals(actual, StringComparison.Ordinal), $"{query}\nplain: {expected}\npruned: {actual}");
            pruned += result.Scan.FilesPruned;
        }

        Assert.InRange(pruned, 100, long.MaxValue);
    }

    private static string Query(Random random)
    {
        var where = Condition(random, 3);
        return random.Next(8) switch
        {
            0 => $"SELECT count(*), sum(x.id) FROM TABLE_HERE x LEFT JOIN other o ON x.id = o.k AND {Condition(random, 1)} WHERE {where}",
            1 => $"SELECT count(*), sum(x.id), sum(o.k) FROM other o LEFT JOIN TABLE_HERE x ON x.id = o.k AND {Condition(random, 1)} WHERE {Condition(random, 1)} OR o.c = 1",
            2 => $"SELECT count(*), sum(o.k) FROM other o FULL JOIN TABLE_HERE x ON x.id = o.k AND {Condition(random, 1)} WHERE {where}",
            3 => $"SELECT count(*), sum(k) FROM other o ANTI JOIN TABLE_HERE x ON x.id = o.k AND {Condition(random, 2)}",
            4 => $"SELECT count(*), sum(k) FROM other o WHERE EXISTS (SELECT 1 FROM TABLE_HERE x WHERE x.id = o.k AND {where})",
            5 => $"SELECT count(*), sum(x.id) FROM other o JOIN TABLE_HERE x ON x.id >= o.k AND {Condition(random, 1)} WHERE {where}",
            _ => $"SELECT count(*), sum(id) FROM TABLE_HERE x WHERE {where}",
        };
    }

    private static string Condition(Random random, int depth)
    {
        if (depth > 0 && random.Next(3) > 0)
        {
            var (left, right) = (Condition(random, depth - 1), Condition(random, depth - 1));
            return random.Next(5) switch
            {
                0 => $"NOT ({left})",
                1 or 2 => $"({left} OR {right})",
                _ => $"({left} AND {right})",
            };
        }

        var (column, constants) = Columns[random.Next(Columns.Length)];
        var constant = constants[random.Next(constants.Length)];
        var name = $"x.\"{column}\"";
        return random.Next(9) switch
        {
            0 => $"{name} IS NULL",
            1 => $"{name} IS NOT NULL",
            2 => $"{name} BETWEEN {constant} AND {constants[random.Next(constants.Length)]}",
            3 => $"{name} IN ({constant}, {constants[random.Next(constants.Length)]})",
            4 => $"{constant} < {name}",
            5 when column is "name" => $"{name} LIKE 'm1%'",
            6 => $"{name} IS NOT DISTINCT FROM {constant}",
            var other => $"{name} {(other % 3 == 0 ? "=" : other % 3 == 1 ? "<=" : ">")} {constant}",
        };
    }
}
