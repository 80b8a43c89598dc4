using System.Globalization;
using CsCheck;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Scan;

/// <summary>The one promise of pruning: a file that holds a row which matches is always planned.</summary>
public sealed class PruningSoundnessTests
{
    private static readonly Schema Schema = new(
    [
        NestedField.Optional(1, "i", IcebergType.Int),
        NestedField.Optional(2, "d", IcebergType.Double),
        NestedField.Optional(3, "s", IcebergType.String),
        NestedField.Optional(4, "t", IcebergType.TimestampTz),
        NestedField.Optional(5, "m", IcebergType.Decimal(5, 2)),
        NestedField.Optional(6, "b", IcebergType.Boolean),
        NestedField.Optional(7, "y", IcebergType.Date),
    ]);

    private static readonly PartitionSpec[] Specs =
    [
        PartitionSpec.Unpartitioned,
        PartitionSpec.For(Schema).Identity("i").Build(),
        PartitionSpec.For(Schema).Identity("d").Build(),
        PartitionSpec.For(Schema).Truncate("i", 3).Truncate("s", 2).Build(),
        PartitionSpec.For(Schema).Bucket("i", 3).Bucket("s", 2).Build(),
        PartitionSpec.For(Schema).Day("t").Truncate("m", 100).Build(),
        PartitionSpec.For(Schema).Month("t").Year("y").Build(),
        PartitionSpec.For(Schema).Hour("t").Identity("b").Build(),
        PartitionSpec.For(Schema).Identity("s").Month("y").Build(),
    ];

    private static readonly Gen<Literal?>[] Values =
    [
        OrNull(Gen.Int[-7, 7].Select(Literal.Int)),
        OrNull(Gen.OneOf(double.NaN, -0.0, 0.0, -1.5, 1.5, 2, double.PositiveInfinity, double.NegativeInfinity).Select(Literal.Double)),
        OrNull(Gen.OneOf("", "a", "ab", "aba", "abc", "b", "ä", "～", "🌞", "🌞🌞🌞", "\U0010FFFF", "\U0010FFFF\U0010FFFF\U0010FFFF", "\uD7FF\uD7FFz").Select(Literal.String)),

        // Around 1970, where rounding changes direction, in steps of 7 hours and a microsecond.
        OrNull(Gen.Int[-200, 200].Select(h => Literal.TimestampTz(DateTimeOffset.UnixEpoch.AddHours(h * 7).AddTicks(h % 3 * 10)))),
        OrNull(Gen.Int[-300, 300].Select(m => Literal.Decimal(m, 5, 2))),
        OrNull(Gen.Bool.Select(Literal.Boolean)),
        OrNull(Gen.Int[-800, 800].Select(d => Literal.Whole(IcebergType.Date, d))),
    ];

    private static readonly Gen<Literal?[]> Row = Gen.Select(Values[0], Values[1], Values[2], Values[3], Values[4], Values[5], Values[6])
        .Select(v => new[] { v.Item1, v.Item2, v.Item3, v.Item4, v.Item5, v.Item6, v.Item7 });

    private static readonly Gen<Expression> Leaf = Gen.Int[0, Schema.Columns.Count - 1].SelectMany(column =>
    {
        var name = Schema.Columns[column].Name;
        var operand = Values[column].Where(v => v is not null).Select(v => (object)v!.Value);
        var prefix = Gen.OneOf("", "a", "ab", "🌞", "\U0010FFFF");
        return Gen.OneOf(
            Gen.Const(Expression.IsNull(name)),
            Gen.Const(Expression.NotNull(name)),
            Gen.Const(Expression.IsNaN(name)),
            Gen.Const(Expression.NotNaN(name)),
            operand.Select(v => Expression.LessThan(name, v)),
            operand.Select(v => Expression.LessThanOrEqual(name, v)),
            operand.Select(v => Expression.GreaterThan(name, v)),
            operand.Select(v => Expression.GreaterThanOrEqual(name, v)),
            operand.Select(v => Expression.Equal(name, v)),
            operand.Select(v => Expression.NotEqual(name, v)),
            operand.Array[0, 4].Select(v => Expression.In(name, v)),
            operand.Array[0, 4].Select(v => Expression.NotIn(name, v)),
            prefix.Select(p => Expression.StartsWith("s", p)),
            prefix.Select(p => Expression.NotStartsWith("s", p)));
    });

    private static readonly Gen<Expression> Filter = Gen.Recursive<Expression>((depth, inner) => depth >= 3 ? Leaf : Gen.OneOf(
        Leaf,
        Gen.Select(inner, inner).Select(p => Expression.And(p.Item1, p.Item2)),
        Gen.Select(inner, inner).Select(p => Expression.Or(p.Item1, p.Item2)),
        inner.Select(Expression.Not)));

    [Fact]
    public async Task A_file_with_a_row_that_matches_is_never_pruned()
    {
        var (pruned, planned) = (0, 0);
        var results = new int[3];
        await Gen.Select(Gen.Int[0, Specs.Length - 1], Row.Array[1, 12], Filter.Array[10], Gen.OneOf("truncate(2)", "full", "counts", "none"))
            .SampleAsync(
                async (specIndex, rows, filters, mode) =>
                {
                    var spec = Specs[specIndex];
                    var catalog = new PvLakehouse.Iceberg.Catalog.InMemoryCatalog("mem:/w", new InMemoryFileIO());
                    await catalog.CreateNamespaceAsync(TestTable.Name.Namespace);
                    var table = await catalog.CreateTableAsync(TestTable.Name, new()
                    {
                        Schema = Schema,
                        Spec = spec,
                        Properties = new Dictionary<string, string> { ["write.metadata.metrics.default"] = mode },
                    });

                    // Rows of a partition go to one file each second row, so that files hold one row or more.
                    var files = new Dictionary<string, List<Literal?[]>>();
                    var written = new List<DataFile>();
                    foreach (var chunk in rows.Chunk(6))
                    {
                        var append = table.NewAppend();
                        foreach (var group in chunk.GroupBy(row => spec.Partition(id => row[id - 1])))
                        {
                            var path = $"mem:/{files.Count}";
                            files[path] = [.. group];
                            written.Add(FileOf(table.Metadata, path, spec, group.Key, files[path]));
                            append.Add(written[^1]);
                        }

                        await append.CommitAsync();
                    }

                    foreach (var filter in filters)
                    {
                        foreach (var file in written)
                        {
                            results[(int)CheckMatch(table.Metadata, filter, file, files[file.FilePath])]++;
                        }

                        var chosen = new HashSet<string>();
                        await foreach (var task in table.NewScan().Where(filter).PlanFilesAsync())
                        {
                            chosen.Add(task.File.FilePath);
                        }

                        foreach (var (path, content) in files)
                        {
                            var needed = content.Exists(row => Matches(filter, row, nanIsGreatest: true) is true)
                                || content.Exists(row => Matches(filter, row, nanIsGreatest: false) is true);
                            Assert.True(!needed || chosen.Contains(path), $"{path} was pruned by {filter}");
                        }

                        planned += chosen.Count;
                        pruned += files.Count - chosen.Count;
                    }
                },
                iter: 300,
                seed: "0002Tq8bLm41",
                threads: 1,
                print: p => string.Create(CultureInfo.InvariantCulture, $"spec {Specs[p.Item1]} mode {p.Item4} rows {string.Join(" | ", p.Item2.Select(r => string.Join(",", r.Select(v => v?.ToString() ?? "null"))))} filters {string.Join(" ;; ", p.Item3.Select(f => f.ToString()))}"));

        // Planning everything would be sound too, and of no use.
        Assert.True(pruned > planned / 4, $"{pruned} files pruned, {planned} planned");
        Assert.All(results, count => Assert.True(count > results.Sum() / 20, $"none {results[0]}, some {results[1]}, all {results[2]}"));
    }

    /// <summary>None, all and the residual hold for every row, whichever way NaN compares.</summary>
    private static MatchResult CheckMatch(
        PvLakehouse.Iceberg.Metadata.TableMetadata table, Expression filter, DataFile file, List<Literal?[]> rows)
    {
        var matcher = new FileMatcher(table, filter);
        var (result, residual) = (matcher.Match(file), matcher.Residual(file));
        foreach (var row in rows)
        {
            foreach (var nanIsGreatest in new[] { true, false })
            {
                var matches = Matches(filter, row, nanIsGreatest) is true;
                Assert.False(matches && result == MatchResult.None, $"none by {filter}");
                Assert.False(!matches && result == MatchResult.All, $"all by {filter}");
                Assert.True(matches == (Matches(residual, row, nanIsGreatest) is true), $"residual {residual} of {filter}");
            }
        }

        return result;
    }

    private static Gen<Literal?> OrNull(Gen<Literal> values) =>
        Gen.Frequency((1, Gen.Const((Literal?)null)), (5, values.Select(v => (Literal?)v)));

    private static DataFile FileOf(
        PvLakehouse.Iceberg.Metadata.TableMetadata table, string path, PartitionSpec spec, PartitionValues partition, List<Literal?[]> rows)
    {
        var columns = Schema.Columns.ToDictionary(c => c.Id, c =>
        {
            var values = rows.Select(r => r[c.Id - 1]).ToList();
            var numbers = values.Where(v => v is { IsNaN: false }).Select(v => v!.Value).ToList();
            return new ColumnStatistics
            {
                ValueCount = values.Count,
                NullCount = values.Count(v => v is null),
                NanCount = values.Count(v => v is { IsNaN: true }),
                Min = numbers.Count == 0 ? null : numbers.Min(),
                Max = numbers.Count == 0 ? null : numbers.Max(),
            };
        });
        return new DataFile
        {
            FilePath = path,
            RecordCount = rows.Count,
            FileSizeInBytes = 1,
            SpecId = table.DefaultSpecId,
            Partition = spec.Fields.Count == 0 ? PartitionValues.None : partition,
            Metrics = DataFileMetrics.From(table, columns),
        };
    }

    /// <summary>What SQL says of a row: true, false or null; NaN by either of the two ways that engines compare it.</summary>
    private static bool? Matches(Expression filter, Literal?[] row, bool nanIsGreatest)
    {
        switch (filter)
        {
            case AlwaysTrue:
                return true;
            case AlwaysFalse:
                return false;
            case NotExpression not:
                return !Matches(not.Inner, row, nanIsGreatest);
            case AndExpression and:
                return Matches(and.Left, row, nanIsGreatest) & Matches(and.Right, row, nanIsGreatest);
            case OrExpression or:
                return Matches(or.Left, row, nanIsGreatest) | Matches(or.Right, row, nanIsGreatest);
        }

        var predicate = (Predicate)filter;
        var value = row[Schema.Find(predicate.Column)!.Id - 1];
        var operands = predicate.Values.Select(v => v is Literal l ? l : Literal.String((string)v)).ToList();
        switch (predicate.Kind)
        {
            case PredicateKind.IsNull:
                return value is null;
            case PredicateKind.NotNull:
                return value is not null;
        }

        if (value is not { } x)
        {
            return null;
        }

        int? Order(Literal operand) => (x.IsNaN, operand.IsNaN) switch
        {
            (false, false) => x.CompareTo(operand),
            _ when !nanIsGreatest => null,
            (true, true) => 0,
            (true, false) => 1,
            _ => -1,
        };
        var order = operands.Count == 1 ? Order(operands[0]) : null;
        return predicate.Kind switch
        {
            PredicateKind.IsNaN => x.IsNaN,
            PredicateKind.NotNaN => !x.IsNaN,
            PredicateKind.LessThan => order < 0,
            PredicateKind.LessThanOrEqual => order <= 0,
            PredicateKind.GreaterThan => order > 0,
            PredicateKind.GreaterThanOrEqual => order >= 0,
            PredicateKind.Equal => order == 0,
            PredicateKind.NotEqual => order != 0,
            PredicateKind.In => operands.Exists(o => Order(o) == 0),
            PredicateKind.NotIn => !operands.Exists(o => Order(o) == 0),
            PredicateKind.StartsWith => x.AsString.StartsWith(operands[0].AsString, StringComparison.Ordinal),
            _ => !x.AsString.StartsWith(operands[0].AsString, StringComparison.Ordinal),
        };
    }
}
