using System.Diagnostics;
using System.Globalization;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Benchmarks;

/// <summary>Plans scans that need 10 of 100,000 data files: by partition, and by the bounds of a sorted column alone.</summary>
/// <remarks>
/// Only metadata exist: planning opens no data file. Cold is the first plan of a process, warm the median of later ones.
/// The reference asks DuckDB for the same files in a Parquet file with one row a data file, path and bounds.
/// </remarks>
internal sealed class PlanningBenchmark : IBenchmark
{
    private const string Iceberg = "iceberg";
    private const string Plain = "plain";
    private const int Files = 100_000;
    private const int Selected = 10;
    private const int PerCommit = 10_000;
    private const int PerPartition = 10;
    private const int Rows = 1000;
    private const string Bounds = "bounds.parquet";

    private static readonly (string Name, TableIdentifier Table)[] Shapes =
    [
        ("by partition", TableIdentifier.Parse("bench.partitioned")), ("by bounds", TableIdentifier.Parse("bench.flat")),
    ];

    private static readonly Schema TableSchema = new([
        NestedField.Mandatory(1, "day", IcebergType.Parse("date")),
        NestedField.Mandatory(2, "id", IcebergType.Parse("long")),
        .. Enumerable.Range(3, 10).Select(i => NestedField.Optional(i, string.Create(CultureInfo.InvariantCulture, $"v{i}"), IcebergType.Parse("double")))]);

    public string Name => "planning";

    public IReadOnlyList<string> Kinds => [Iceberg, Plain];

    public async Task PrepareAsync(string scratch, CancellationToken cancellationToken)
    {
        var lake = await BenchLake.OpenAsync(scratch, cancellationToken, new WithoutDataFiles());
        var catalog = lake.Catalog;
        await catalog.CreateNamespaceAsync(Shapes[0].Table.Namespace, cancellationToken: cancellationToken);
        foreach (var (_, name) in Shapes)
        {
            var spec = name == Shapes[0].Table ? PartitionSpec.For(TableSchema).Identity("day").Build() : PartitionSpec.Unpartitioned;
            var table = await catalog.CreateTableAsync(name, new TableCreation { Schema = TableSchema, Spec = spec }, cancellationToken);
            foreach (var part in Enumerable.Range(0, Files).Chunk(PerCommit))
            {
                await table.NewAppend().AddRange(part.Select(n => FileOf(table, n))).CommitAsync(cancellationToken);
            }
        }

        await using var engine = lake.Engine();
        await using var session = await engine.OpenSessionAsync(cancellationToken);
        await session.ExecuteAsync(
            $"COPY (SELECT 'data/' || range AS path, range * {Rows} AS lower, range * {Rows} + {Rows - 1} AS upper FROM range({Files})) TO '{lake.Plain(Bounds)}' (FORMAT parquet)",
            cancellationToken);
    }

    public async Task<IReadOnlyList<Figure>> MeasureAsync(string kind, string scratch, CancellationToken cancellationToken)
    {
        if (kind == Plain)
        {
            var lake = await BenchLake.OpenAsync(scratch, cancellationToken);
            await using var engine = lake.Engine();
            await using var session = await engine.OpenSessionAsync(cancellationToken);
            var figures = new List<Figure>();
            foreach (var (shape, _) in Shapes)
            {
                figures.AddRange(await TimesAsync(shape, async from =>
                {
                    var result = await session.QueryAsync(string.Create(
                        CultureInfo.InvariantCulture,
                        $"SELECT path FROM '{lake.Plain(Bounds)}' WHERE upper >= {from * Rows} AND lower < {(from + Selected) * Rows}"), null, cancellationToken);
                    return (await result.ToListAsync(cancellationToken)).Count;
                }));
            }

            return figures;
        }

        var all = new List<Figure>();
        foreach (var (shape, name) in Shapes)
        {
            // A catalog of its own, so that each shape begins cold.
            var catalog = (await BenchLake.OpenAsync(scratch, cancellationToken)).Catalog;
            all.AddRange(await TimesAsync(shape, async from =>
            {
                var table = await catalog.LoadTableAsync(name, cancellationToken);
                var filter = name == Shapes[0].Table
                    ? Expression.Equal("day", DayOf((int)from))
                    : Expression.And(
                        Expression.GreaterThanOrEqual("id", from * Rows), Expression.LessThan("id", (from + Selected) * Rows));
                var count = 0;
                await foreach (var _ in table.NewScan().Where(filter).PlanFilesAsync(cancellationToken))
                {
                    count++;
                }

                return count;
            }));
        }

        return all;
    }

    public void Report(IReadOnlyDictionary<string, IReadOnlyList<Measured>> runs, TextWriter to)
    {
        to.WriteLine("| planning 10 of 100,000 data files | Iceberg | DuckDB on a Parquet file of their bounds | ratio |");
        to.WriteLine("|---|---:|---:|---:|");
        foreach (var figure in runs[Iceberg][0].Figures)
        {
            to.WriteLine(BenchmarkRun.Compare(
                figure.Name, BenchmarkRun.Median(runs[Iceberg], figure.Name), BenchmarkRun.Median(runs[Plain], figure.Name)));
        }
    }

    private static async Task<List<Figure>> TimesAsync(string shape, Func<long, Task<int>> plan)
    {
        var times = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var found = await plan((Files / 8 * i) + 500 - (((Files / 8 * i) + 500) % PerPartition));
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (found != Selected)
            {
                throw new InvalidOperationException($"The plan {shape} gave {found} files; expected {Selected}.");
            }
        }

        return [new($"{shape}, cold [ms]", times[0]), new($"{shape}, warm [ms]", times.Skip(1).Order().ElementAt(3))];
    }

    private static DataFile FileOf(Table table, int number)
    {
        var day = Literal.Date(DayOf(number));
        var partitioned = table.Spec.Fields.Count > 0;
        var first = (long)number * Rows;
        return new DataFile
        {
            FilePath = string.Create(CultureInfo.InvariantCulture, $"{table.Metadata.Location}/data/{number:00000000}-c0ffee00-0000-4000-8000-000000000000.parquet"),
            SpecId = table.Spec.SpecId,
            Partition = partitioned ? new PartitionValues([day]) : PartitionValues.None,
            RecordCount = Rows,
            FileSizeInBytes = 1 << 20,
            Metrics = DataFileMetrics.From(table.Metadata, Statistics(day, first)),
        };
    }

    private static Dictionary<int, ColumnStatistics> Statistics(Literal day, long first)
    {
        var columns = new Dictionary<int, ColumnStatistics>
        {
            [1] = Column(day, day),
            [2] = Column(Literal.Long(first), Literal.Long(first + Rows - 1)),
        };
        foreach (var column in TableSchema.Columns.Skip(2))
        {
            columns[column.Id] = Column(Literal.Double(0), Literal.Double(first));
        }

        return columns;

        static ColumnStatistics Column(Literal min, Literal max) => new()
        {
            SizeInBytes = 8 * Rows, ValueCount = Rows, NullCount = 0, NanCount = 0, Min = min, Max = max,
        };
    }

    private static DateOnly DayOf(int number) => new DateOnly(2000, 1, 1).AddDays(number / PerPartition);
}
