using System.Globalization;
using CsCheck;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;
using static PvLakehouse.Engine.Tests.Reading.FileReader;

namespace PvLakehouse.Engine.Tests.Reading;

/// <summary>
/// Random files under position deletes, equality deletes and deletion vectors, read by random filters: all files, and those alone that
/// the filter does not rule out, give the rows of a plain list.
/// </summary>
public sealed class PrunedReadPropertyTests
{
    private static readonly Schema Schema = new(
        [NestedField.Optional(1, "id", IcebergType.Long), NestedField.Optional(2, "key", IcebergType.Long)]);

    /// <summary>A file: its age, where its keys begin, its keys (-1 is null) and the places that its deletion vector names.</summary>
    private static readonly Gen<(int Age, int From, int[] Keys, int[] Vector)> Files =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 20], Gen.Int[-1, 5].Array[1, 8], Gen.Int[0, 9].Array[0, 3]);

    /// <summary>Deletes: age, files and places, keys.</summary>
    private static readonly Gen<(int Age, (int File, int Place)[] Places, int[] Keys)> Deletes =
        Gen.Select(Gen.Int[1, 4], Gen.Select(Gen.Int[0, 4], Gen.Int[0, 7]).Array[0, 4], Gen.Int[-1, 25].Array[0, 3]);

    private static readonly Gen<Filter> Filters = Gen.Recursive<Filter>((depth, inner) => depth > 2 ? Leaf : Gen.Frequency(
        (3, Leaf),
        (2, Gen.Select(inner, inner, (a, b) => new Filter(
            Expression.And(a.Expression, b.Expression), $"({a.Sql} AND {b.Sql})", row => And(a.Test(row), b.Test(row))))),
        (2, Gen.Select(inner, inner, (a, b) => new Filter(
            Expression.Or(a.Expression, b.Expression), $"({a.Sql} OR {b.Sql})", row => !And(!a.Test(row), !b.Test(row))))),
        (1, inner.Select(a => new Filter(Expression.Not(a.Expression), $"NOT {a.Sql}", row => !a.Test(row))))));

    private static Gen<Filter> Leaf => Gen.Select(Gen.Int[0, 7], Gen.Bool, Gen.Int[-2, 27], Gen.Int[-2, 27]).Select(Of);

    [Fact]
    public async Task All_files_and_the_pruned_ones_give_the_rows_of_a_plain_model()
    {
        var pruned = 0;
        await Gen.Select(Files.Array[1, 5], Deletes.Array[0, 3], Filters.Array[6]).SampleAsync(
            async (files, deletes, filters) => pruned += await CheckAsync(files, deletes, filters), iter: 40, threads: 1);

        // Otherwise nothing was shown.
        Assert.InRange(pruned, 40, int.MaxValue);
    }

    private static async Task<int> CheckAsync(
        (int Age, int From, int[] Keys, int[] Vector)[] files, (int Age, (int File, int Place)[] Places, int[] Keys)[] deletes, Filter[] filters)
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([Schema]);
        var written = new List<DataFile>();
        var rows = files.Select((f, file) => f.Keys.Select((k, row) => new Row((file * 100) + row, k < 0 ? null : f.From + k)).ToArray()).ToArray();
        foreach (var (index, file) in rows.Index())
        {
            var values = string.Join(", ", file.Select(r => string.Create(CultureInfo.InvariantCulture, $"({r.Id}::BIGINT, {r.Key?.ToString(CultureInfo.InvariantCulture) ?? "NULL"}::BIGINT)")));
            written.Add(await reader.WriteAsync(
                FormattableString.Invariant($"{index}.parquet"), $"SELECT * FROM (VALUES {values}) t(id, key)", "id: 1, key: 2") with { Metrics = Metrics(file) });
        }

        var places = new List<(DataFile File, long Age)>();
        var keys = new List<(DataFile File, long Age)>();
        foreach (var (index, delete) in deletes.Index())
        {
            (DataFile, long)[] named = [.. delete.Places.Where(p => p.File < files.Length).Select(p => (written[p.File], (long)p.Place))];
            if (named.Length > 0)
            {
                places.Add((await reader.DeletePositionsAsync(FormattableString.Invariant($"p{index}.parquet"), named), delete.Age));
            }

            if (delete.Keys.Length > 0)
            {
                var list = FormattableString.Invariant($"SELECT nullif(unnest([{string.Join(", ", delete.Keys)}]::BIGINT[]), -1) AS key");
                keys.Add((await reader.DeleteKeysAsync(FormattableString.Invariant($"k{index}.parquet"), list, "key: 2", 2), delete.Age));
            }
        }

        var tasks = new List<FileScanTask>();
        foreach (var (index, file) in files.Index())
        {
            List<(DataFile, long)> own = [.. places.Where(p => file.Age <= p.Age), .. keys.Where(k => file.Age < k.Age)];
            ushort[] vector = [.. file.Vector.Distinct().Order().Select(p => (ushort)p)];
            if (vector.Length > 0)
            {
                own.Add((await reader.VectorAsync(FormattableString.Invariant($"{index}.puffin"), vector), 5));
            }

            tasks.Add(Task(written[index], file.Age, [.. own]));
        }

        // The rules of the specification: places apply to rows of their age or older, keys to older rows only.
        List<Row> live = [.. files.SelectMany((f, file) => rows[file].Where((row, place) =>
            !f.Vector.Contains(place)
            && !deletes.Any(d => f.Age <= d.Age && d.Places.Contains((file, place)))
            && !deletes.Any(d => f.Age < d.Age && d.Keys.Contains((int)(row.Key ?? -1)))))];
        var pruned = 0;
        foreach (var filter in filters)
        {
            var matcher = new FileMatcher(metadata, filter.Expression);
            var left = tasks.FindAll(t => matcher.Match(t.File) != MatchResult.None);
            pruned += tasks.Count - left.Count;
            var expected = live.Where(r => filter.Test(r) is true).Select(r => r.Id.ToString(CultureInfo.InvariantCulture));
            var query = $"SELECT id FROM t WHERE {filter.Sql} ORDER BY id";
            Assert.Equal(expected, await reader.ReadAsync(metadata, tasks, query));
            Assert.Equal(expected, await reader.ReadAsync(metadata, left, query));
        }

        return pruned;
    }

    private static ColumnMetrics Metrics(Row[] rows)
    {
        List<long> keys = [.. rows.Where(r => r.Key is not null).Select(r => r.Key!.Value)];
        Dictionary<int, ReadOnlyMemory<byte>> Bounds(Func<IEnumerable<long>, long> end) => keys.Count == 0
            ? new() { [1] = SingleValue.ToBytes(Literal.Long(end(rows.Select(r => r.Id)))) }
            : new() { [1] = SingleValue.ToBytes(Literal.Long(end(rows.Select(r => r.Id)))), [2] = SingleValue.ToBytes(Literal.Long(end(keys))) };
        return new ColumnMetrics
        {
            ValueCounts = new(new Dictionary<int, long> { [1] = rows.Length, [2] = rows.Length }),
            NullValueCounts = new(new Dictionary<int, long> { [1] = 0, [2] = rows.Length - keys.Count }),
            LowerBounds = new(Bounds(Enumerable.Min)),
            UpperBounds = new(Bounds(Enumerable.Max)),
        };
    }

    private static Filter Of(int kind, bool byKey, int a, int b)
    {
        var column = byKey ? "key" : "id";
        long value = byKey ? a : a * 17;
        long other = byKey ? b : b * 17;
        long? Get(Row row) => byKey ? row.Key : row.Id;
        return kind switch
        {
            0 => new(Expression.Equal(column, value), $"({column} = {value})", r => Get(r) is { } v ? v == value : null),
            1 => new(Expression.NotEqual(column, value), $"({column} <> {value})", r => Get(r) is { } v ? v != value : null),
            2 => new(Expression.LessThan(column, value), $"({column} < {value})", r => Get(r) is { } v ? v < value : null),
            3 => new(Expression.GreaterThanOrEqual(column, value), $"({column} >= {value})", r => Get(r) is { } v ? v >= value : null),
            4 => new(Expression.IsNull(column), $"({column} IS NULL)", r => Get(r) is null),
            5 => new(Expression.NotNull(column), $"({column} IS NOT NULL)", r => Get(r) is not null),
            6 => new(Expression.In(column, [value, other]), $"({column} IN ({value}, {other}))", r => Get(r) is { } v ? v == value || v == other : null),
            _ => new(Expression.LessThanOrEqual(column, value), $"({column} <= {value})", r => Get(r) is { } v ? v <= value : null),
        };
    }

    /// <summary>AND of SQL, where null is unknown.</summary>
    private static bool? And(bool? left, bool? right) => left is false || right is false ? false : left is null || right is null ? null : true;

    private sealed record Row(long Id, long? Key);

    private sealed record Filter(Expression Expression, string Sql, Func<Row, bool?> Test)
    {
        public override string ToString() => Sql;
    }
}
