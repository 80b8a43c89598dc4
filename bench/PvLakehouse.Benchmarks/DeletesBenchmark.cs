using System.Diagnostics;
using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Benchmarks;

/// <summary>Reads 10,000,000 rows of which position delete files delete every tenth: ten data files, a delete file for each.</summary>
/// <remarks>
/// Two references read the same rows in the same DuckDB: plain Parquet with an anti join of the same positions, and the table
/// before the deletes. Each reads every column once, in a new process, so plans and opened files are cold.
/// </remarks>
internal sealed class DeletesBenchmark : IBenchmark
{
    private const string Deleted = "with deletes";
    private const string Whole = "without deletes";
    private const string Plain = "plain";
    private const string Seconds = "read [s]";
    private const string Positions = "positions.parquet";
    private const int Files = 10;
    private const long RowsPerFile = 1_000_000;
    private const long RowsLeft = Files * RowsPerFile * 9 / 10;

    private static readonly TableIdentifier Target = TableIdentifier.Parse("bench.target");
    private static readonly TableIdentifier Before = TableIdentifier.Parse("bench.before");

    private static readonly Schema TableSchema = new([
        NestedField.Mandatory(1, "id", IcebergType.Long),
        NestedField.Optional(2, "facility_code", IcebergType.String),
        NestedField.Optional(3, "date_hour", IcebergType.TimestampTz),
        NestedField.Optional(4, "energy_mwh", IcebergType.Double),
        NestedField.Optional(5, "irradiance", IcebergType.Double)]);

    public string Name => "deletes";

    public IReadOnlyList<string> Kinds => [Deleted, Plain, Whole];

    public async Task PrepareAsync(string scratch, CancellationToken cancellationToken)
    {
        var lake = await BenchLake.OpenAsync(scratch, cancellationToken);
        await lake.Catalog.CreateNamespaceAsync(Target.Namespace, cancellationToken: cancellationToken);
        await using var engine = lake.Engine();
        await using var session = await engine.OpenSessionAsync(cancellationToken);
        foreach (var number in Enumerable.Range(0, Files))
        {
            await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
                COPY (SELECT range AS id, 'FARM' || (range % 100) AS facility_code, to_timestamp(1600000000 + 60 * range) AS date_hour,
                             (hash(range) % 100000) / 1000.0::DOUBLE AS energy_mwh, (hash(range, 1) % 1000000) / 1000.0::DOUBLE AS irradiance
                      FROM range({number * RowsPerFile}, {(number + 1) * RowsPerFile}))
                TO '{PlainFile(lake, number)}' (FORMAT parquet, COMPRESSION zstd)
                """), cancellationToken);
        }

        await session.ExecuteAsync($"""
            COPY (SELECT filename AS path, file_row_number AS pos FROM read_parquet([{PlainFiles(lake)}], filename = true, file_row_number = true)
                  WHERE file_row_number % 10 = 3)
            TO '{lake.Plain(Positions)}' (FORMAT parquet, COMPRESSION zstd)
            """, cancellationToken);
        foreach (var name in new[] { Target, Before })
        {
            await lake.Catalog.CreateTableAsync(name, new TableCreation { Schema = TableSchema }, cancellationToken);
            foreach (var number in Enumerable.Range(0, Files))
            {
                await session.AppendAsync(name, $"FROM '{PlainFile(lake, number)}'", WriteOptions.Default, cancellationToken);
            }
        }

        await DeleteAsync(await lake.Catalog.LoadTableAsync(Target, cancellationToken), session, cancellationToken);
    }

    public async Task<IReadOnlyList<Figure>> MeasureAsync(string kind, string scratch, CancellationToken cancellationToken)
    {
        var lake = await BenchLake.OpenAsync(scratch, cancellationToken);
        await using var engine = lake.Engine();
        await using var session = await engine.OpenSessionAsync(cancellationToken);
        var from = kind switch
        {
            Deleted => $"iceberg.{Target}",
            Whole => $"iceberg.{Before}",
            _ => $"""
                (SELECT t.* FROM read_parquet([{PlainFiles(lake)}], filename = true, file_row_number = true) t
                 ANTI JOIN '{lake.Plain(Positions)}' p ON p.path = t.filename AND p.pos = t.file_row_number)
                """,
        };
        var began = Stopwatch.GetTimestamp();
        var result = await session.QueryAsync(
            $"SELECT count(*), max(id), max(facility_code), max(date_hour), sum(energy_mwh), sum(irradiance) FROM {from}", null, cancellationToken);
        var rows = (await result.ToListAsync(cancellationToken))[0][0];
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var expected = kind == Whole ? Files * RowsPerFile : RowsLeft;
        return rows is long count && count == expected
            ? [new Figure(Seconds, seconds)]
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Reading {kind} gave {rows} rows; expected {expected}."));
    }

    public void Report(IReadOnlyDictionary<string, IReadOnlyList<Measured>> runs, TextWriter to)
    {
        to.WriteLine("| 10,000,000 rows, every tenth deleted by position | with deletes | plain DuckDB, anti join | ratio | without deletes | ratio |");
        to.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var figure in new[] { Seconds, Measured.Memory })
        {
            var (deleted, plain, whole) = (Of(Deleted), Of(Plain), Of(Whole));
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {figure} | {deleted:0.000} | {plain:0.000} | {deleted / plain:0.00} | {whole:0.000} | {deleted / whole:0.00} |"));

            double Of(string kind) => BenchmarkRun.Median(runs[kind], figure);
        }
    }

    /// <summary>Commits a delete file for each data file, in one snapshot.</summary>
    private static async Task DeleteAsync(Table table, ISqlSession session, CancellationToken cancellationToken)
    {
        var delta = table.NewRowDelta();
        var number = 0;
        await foreach (var task in table.NewScan().PlanFilesAsync(cancellationToken))
        {
            var data = task.File.FilePath;
            var path = string.Create(CultureInfo.InvariantCulture, $"{table.Metadata.Location}/data/deletes-{number++}.parquet");
            var local = path.StartsWith("file://", StringComparison.Ordinal) ? new Uri(path).LocalPath : path;
            await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $$"""
                COPY (SELECT '{{data}}' AS file_path, range AS pos FROM range(3, {{task.File.RecordCount}}, 10))
                TO '{{local}}' (FORMAT parquet, COMPRESSION zstd, FIELD_IDS {file_path: 2147483546, pos: 2147483545})
                """), cancellationToken);
            delta.AddDeletes(new DataFile
            {
                Content = FileContent.PositionDeletes,
                FilePath = path,
                RecordCount = task.File.RecordCount / 10,
                FileSizeInBytes = new FileInfo(local).Length,
                ReferencedDataFile = data,
            });
        }

        await delta.CommitAsync(cancellationToken);
    }

    private static string PlainFile(BenchLake lake, int number) => lake.Plain(string.Create(CultureInfo.InvariantCulture, $"rows-{number}.parquet"));

    private static string PlainFiles(BenchLake lake) => string.Join(", ", Enumerable.Range(0, Files).Select(n => $"'{PlainFile(lake, n)}'"));
}
