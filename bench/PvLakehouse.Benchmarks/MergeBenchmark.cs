using System.Diagnostics;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Benchmarks;

/// <summary>
/// Merges 1,000,000 rows into 10,000,000: half of them replace rows all over the table, half are new.
/// </summary>
/// <remarks>
/// The reference does the same on plain Parquet with the same DuckDB settings: joins both and writes the result to one file.
/// </remarks>
internal sealed class MergeBenchmark : IPreparesRounds
{
    private const string Iceberg = "iceberg";
    private const string Plain = "plain";
    private const string Seconds = "merge [s]";
    private const string TargetFile = "target.parquet";
    private const string SourceFile = "source.parquet";
    private const long TargetRows = 10_000_000;
    private const long SourceRows = 1_000_000;

    /// <summary>Every twentieth key is in the source, and as many again that are new.</summary>
    private static readonly string Source =
        $"SELECT CASE WHEN range % 2 = 0 THEN range * {TargetRows / SourceRows} ELSE {TargetRows} + range END AS id, {Columns("range + 1")} FROM range({SourceRows})";

    private static readonly TableIdentifier Target = TableIdentifier.Parse("bench.target");

    public string Name => "merge";

    public IReadOnlyList<string> Kinds => [Iceberg, Plain];

    public async Task PrepareAsync(string scratch, CancellationToken cancellationToken)
    {
        var lake = await BenchLake.OpenAsync(scratch, cancellationToken);
        await lake.Catalog.CreateNamespaceAsync(Target.Namespace, cancellationToken: cancellationToken);
        await using var engine = lake.Engine();
        await using var session = await engine.OpenSessionAsync(cancellationToken);
        await session.ExecuteAsync(
            $"COPY (SELECT range AS id, {Columns("range")} FROM range({TargetRows})) TO '{lake.Plain(TargetFile)}' (FORMAT parquet, COMPRESSION zstd)",
            cancellationToken);
        await session.ExecuteAsync(
            $"COPY ({Source}) TO '{lake.Plain(SourceFile)}' (FORMAT parquet, COMPRESSION zstd)", cancellationToken);
    }

    public async Task<IReadOnlyList<Figure>> MeasureAsync(string kind, string scratch, CancellationToken cancellationToken)
    {
        var lake = await BenchLake.OpenAsync(scratch, cancellationToken);
        await using var engine = lake.Engine();
        await using var session = await engine.OpenSessionAsync(cancellationToken);
        if (kind == Plain)
        {
            return [await TimeAsync(() => session.ExecuteAsync($"""
                COPY (
                    SELECT COLUMNS(t.*) FROM '{lake.Plain(TargetFile)}' t ANTI JOIN '{lake.Plain(SourceFile)}' s ON s.id = t.id
                    UNION ALL
                    FROM '{lake.Plain(SourceFile)}'
                ) TO '{lake.Plain("merged.parquet")}' (FORMAT parquet, COMPRESSION zstd)
                """, cancellationToken))];
        }

        return [await TimeAsync(() => session.MergeAsync(
            Target, $"FROM '{lake.Plain(SourceFile)}'", new MergeOptions { KeyColumns = ["id"] }, cancellationToken))];
    }

    /// <summary>A fresh table for every merge: that of the last round has its rows already.</summary>
    public async Task PrepareRoundAsync(string kind, string scratch, CancellationToken cancellationToken)
    {
        if (kind == Plain)
        {
            return;
        }

        var lake = await BenchLake.OpenAsync(scratch, cancellationToken);
        if (await lake.Catalog.TableExistsAsync(Target, cancellationToken))
        {
            await lake.Catalog.DropTableAsync(Target, cancellationToken);
        }

        await lake.Catalog.CreateTableAsync(Target, new TableCreation { Schema = TableSchema }, cancellationToken);
        await using var engine = lake.Engine();
        await using var session = await engine.OpenSessionAsync(cancellationToken);
        await session.AppendAsync(Target, $"FROM '{lake.Plain(TargetFile)}'", WriteOptions.Default, cancellationToken);
    }

    public void Report(IReadOnlyDictionary<string, IReadOnlyList<Measured>> runs, TextWriter to)
    {
        to.WriteLine("| merge of 1,000,000 rows into 10,000,000 | Iceberg | plain DuckDB on plain Parquet | ratio |");
        to.WriteLine("|---|---:|---:|---:|");
        foreach (var figure in new[] { Seconds, Measured.Memory })
        {
            to.WriteLine(BenchmarkRun.Compare(
                figure, BenchmarkRun.Median(runs[Iceberg], figure), BenchmarkRun.Median(runs[Plain], figure)));
        }
    }

    private static Schema TableSchema { get; } = new([
        NestedField.Mandatory(1, "id", IcebergType.Parse("long")),
        NestedField.Optional(2, "facility_code", IcebergType.Parse("string")),
        NestedField.Optional(3, "date_hour", IcebergType.Parse("timestamptz")),
        NestedField.Optional(4, "energy_mwh", IcebergType.Parse("double")),
        NestedField.Optional(5, "irradiance", IcebergType.Parse("double")),
        NestedField.Optional(6, "temperature", IcebergType.Parse("double")),
        NestedField.Optional(7, "quality", IcebergType.Parse("int"))]);

    /// <summary>The columns after the key, made from a number so that equal numbers give equal rows.</summary>
    private static string Columns(string n) => $"""
        'FARM' || ({n} % 100) AS facility_code, to_timestamp(1600000000 + 60 * ({n})) AS date_hour,
        (hash({n}) % 100000) / 1000.0::DOUBLE AS energy_mwh, (hash({n}, 1) % 1000000) / 1000.0::DOUBLE AS irradiance,
        (hash({n}, 2) % 400) / 10.0::DOUBLE AS temperature, (({n}) % 5)::INTEGER AS quality
        """;

    private static async Task<Figure> TimeAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return new Figure(Seconds, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }
}
