using CsCheck;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

/// <summary>
/// Random appends and merge-on-read deletes of a partitioned table: whatever planning leaves out, a filter gives what it gives over a plain
/// table of DuckDB to which the same was done.
/// </summary>
public sealed class PrunedDeletePropertyTests
{
    private static readonly Gen<string> Conditions = Gen.OneOf(
        Gen.Select(Any("id", "key"), Any("=", "<", ">=", "<>"), Gen.Int[-1, 40]).Select((c, o, v) => $"{c} {o} {v}"),
        Any("key IS NULL", "key IS NOT NULL", "part = 'a'", "part <> 'a'", "part IN ('b', 'c')", "part IS NULL"),
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 40]).Select((a, b) => $"key BETWEEN {a} AND {b}"));

    private static readonly Gen<string> Filters = Gen.OneOf(
        Conditions,
        Gen.Select(Conditions, Any("AND", "OR", "AND NOT"), Conditions).Select((a, o, b) => $"({a}) {o} ({b})"));

    /// <summary>A step: 0 and 1 append, 2 deletes by place, 3 by key.</summary>
    private static readonly Gen<(int Kind, int From, string Where, int[] Keys)> Steps =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 30], Conditions, Gen.Int[-1, 40].Array[1, 4]);

    private static Gen<string> Any(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    [Fact]
    public async Task Planning_leaves_out_no_row()
    {
        var pruned = 0L;
        await Gen.Select(Steps.Array[4, 8], Filters.Array[12])
            .SampleAsync(async (steps, filters) => pruned += await CheckAsync(steps, filters), iter: 10, threads: 1);
        Assert.InRange(pruned, 20, long.MaxValue);
    }

    private static async Task<long> CheckAsync((int Kind, int From, string Where, int[] Keys)[] steps, string[] filters)
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync(
            "silver.t", [("id", IcebergType.Int), ("key", IcebergType.Int), ("part", IcebergType.String)], s => PartitionSpec.For(s).Identity("part").Build());
        var session = await lake.OpenAsync();
        await session.ExecuteAsync("CREATE TEMP TABLE plain (id INTEGER, key INTEGER, part VARCHAR)", Lake.Cancel);
        var deletes = new MergeOnRead(lake, session, "silver.t");
        foreach (var (kind, from, where, keys) in steps)
        {
            switch (kind)
            {
                case 2:
                    await deletes.DeletePositionsAsync(where);
                    await session.ExecuteAsync($"DELETE FROM plain WHERE {where}", Lake.Cancel);
                    break;
                case 3:
                    var list = FormattableString.Invariant($"[{string.Join(", ", keys.Select(k => k < 0 ? "NULL" : FormattableString.Invariant($"{k}")))}]::INTEGER[]");
                    await deletes.DeleteKeysAsync("key", 2, list);
                    await session.ExecuteAsync(
                        $"DELETE FROM plain WHERE EXISTS (SELECT 1 FROM (SELECT unnest({list}) AS k) WHERE k IS NOT DISTINCT FROM key)", Lake.Cancel);
                    break;
                default:
                    var rows = FormattableString.Invariant($"SELECT ({from} + i)::INTEGER AS id, nullif({from} + i * 3 % 7, 25)::INTEGER AS key, [NULL, 'a', 'b', 'c'][1 + i % {1 + (from % 4)}] AS part FROM range(10) r(i)");
                    await session.AppendAsync("silver.t", rows);
                    await session.ExecuteAsync($"INSERT INTO plain {rows}", Lake.Cancel);
                    break;
            }
        }

        var pruned = 0L;
        foreach (var filter in filters)
        {
            var result = await session.QueryAsync($"SELECT id, key, part FROM iceberg.silver.t WHERE {filter} ORDER BY ALL", null, Lake.Cancel);
            var actual = (await result.ToListAsync(Lake.Cancel)).Select(r => string.Join('|', r));
            var expected = (await session.QueryAsync($"SELECT id, key, part FROM plain WHERE {filter} ORDER BY ALL", null, Lake.Cancel)).ToListAsync(Lake.Cancel);
            Assert.Equal((await expected).Select(r => string.Join('|', r)), actual);
            pruned += result.Scan.FilesPruned;
        }

        return pruned;
    }
}
