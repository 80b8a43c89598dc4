using System.Security.Cryptography;
using System.Text.Json;
using DuckDB.NET.Data;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Keeping.Exports;
using PvLakehouse.Pipeline.Tests.Models;

namespace PvLakehouse.Pipeline.Tests.Keeping;

/// <summary>Exports hold every value as it is, for programs that know nothing of lakes, and touch nothing that is not theirs.</summary>
public sealed class ExportTests : IAsyncLifetime
{
    private readonly TestLake _lake = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilityAsync("AVLSF", 300, 245);
        await using var session = await _lake.Lake.Engine.OpenSessionAsync(Token);
        await session.RunAsync("CREATE SCHEMA iceberg.gold", parameters: null, Token);
        await session.RunAsync(
            "CREATE TABLE iceberg.gold.odd (name string, seen timestamptz, wall timestamp, amount decimal(12,6))", parameters: null, Token);
        await session.RunAsync(
            """
            INSERT INTO iceberg.gold.odd VALUES
              ('a "b", c', TIMESTAMPTZ '2025-04-06 02:30:00+10', TIMESTAMP '2025-04-06 02:30:00', 1.5),
              ('', TIMESTAMPTZ '2025-01-01 00:00:00.25+00', NULL, NULL),
              (NULL, NULL, TIMESTAMP '2025-12-31 23:59:59.000001', -0.000001)
            """,
            parameters: null, Token);
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task Csv_has_a_header_instants_in_utc_wall_clocks_without_and_tells_null_from_empty()
    {
        var manifest = await ExportAsync(ExportFormat.Csv, "gold");
        // RFC 4180: a quote inside quotes is doubled. 02:30 at +10:00 is 16:30 UTC of the day before.
        Assert.Equal(
            """
            name,seen,wall,amount
            "a ""b"", c",2025-04-05T16:30:00Z,2025-04-06T02:30:00,1.500000
            "",2025-01-01T00:00:00.250000Z,,
            ,,2025-12-31T23:59:59.000001,-0.000001

            """,
            (await File.ReadAllTextAsync(Path.Combine(_lake.Exports, "gold.odd.csv"), Token)).ReplaceLineEndings("\n"));

        var table = Assert.Single(manifest.Tables);
        var snapshot = (await _lake.Lake.Catalog.LoadTableAsync(TableIdentifier.Parse("gold.odd"), Token)).Metadata.CurrentSnapshotId;
        var bytes = await File.ReadAllBytesAsync(Path.Combine(_lake.Exports, table.File), Token);
        Assert.Equal(("gold.odd", snapshot, 3L, (long)bytes.Length), (table.Table, table.SnapshotId, table.Rows, table.Bytes));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), table.Sha256);
        var written = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_lake.Exports, "manifest.json"), Token)).RootElement;
        Assert.Equal("csv", written.GetProperty("format").GetString());
    }

    [Theory]
    [InlineData(ExportFormat.Parquet)]
    [InlineData(ExportFormat.DuckDb)]
    public async Task A_plain_duckdb_reads_the_same_rows_from_parquet_and_from_a_database(ExportFormat format)
    {
        await ExportAsync(format, "gold", "bronze");
        await using var plain = new DuckDBConnection(format == ExportFormat.DuckDb
            ? $"DataSource={Path.Combine(_lake.Exports, LakeExport.DatabaseFile)};ACCESS_MODE=READ_ONLY"
            : "DataSource=:memory:");
        await plain.OpenAsync(Token);
        var (odd, farms) = format == ExportFormat.DuckDb
            ? ("gold.odd", "bronze.raw_facilities")
            : ($"read_parquet('{_lake.Exports}/gold.odd.parquet')", $"read_parquet('{_lake.Exports}/bronze.raw_facilities.parquet')");
        await using var command = plain.CreateCommand();
        command.CommandText = $"""
            SELECT (SELECT string_agg(coalesce(name, 'null'), '|' ORDER BY name NULLS LAST) FROM {odd}), (SELECT max(epoch_us(seen)) FROM {odd}),
              (SELECT CAST(sum(amount) AS VARCHAR) FROM {odd}), (SELECT facility_code FROM {farms})
            """;
        await using var reader = await command.ExecuteReaderAsync(Token);
        Assert.True(await reader.ReadAsync(Token));
        Assert.Equal("|a \"b\", c|null", reader.GetString(0));
        // 2025-04-05T16:30:00Z by date -d: 1743870600 s.
        Assert.Equal(1743870600000000L, reader.GetInt64(1));
        Assert.Equal("1.499999", reader.GetString(2));
        Assert.Equal("AVLSF", reader.GetString(3));
    }

    [Fact]
    public async Task An_earlier_export_is_replaced_and_a_folder_with_anything_else_is_refused()
    {
        await ExportAsync(ExportFormat.Csv, "gold", "bronze");
        // A killed export leaves drafts.
        await File.WriteAllTextAsync(Path.Combine(_lake.Exports, "gold.odd.csv.exporting"), "half", Token);
        await ExportAsync(ExportFormat.Parquet, "gold");
        Assert.Equal(["gold.odd.parquet", "manifest.json"], Directory.EnumerateFiles(_lake.Exports).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        var foreign = Path.Combine(_lake.Exports, "thesis.csv");
        await File.WriteAllTextAsync(foreign, "mine", Token);
        var failure = await Assert.ThrowsAsync<PipelineException>(() => ExportAsync(ExportFormat.Csv, "gold"));
        Assert.Contains("'thesis.csv'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(
            ["gold.odd.parquet", "manifest.json", "thesis.csv"], Directory.EnumerateFiles(_lake.Exports).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_failed_export_leaves_the_earlier_one_as_it_was()
    {
        var before = await ExportAsync(ExportFormat.Csv, "gold");
        var data = Directory.EnumerateFiles(Path.Combine(_lake.Kept.Warehouse, "bronze", "raw_facilities", "data"), "*", SearchOption.AllDirectories).Single();
        File.Delete(data);
        await Assert.ThrowsAnyAsync<Exception>(() => ExportAsync(ExportFormat.Csv, "bronze", "gold"));
        Assert.Equal(["gold.odd.csv", "manifest.json"], Directory.EnumerateFiles(_lake.Exports).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(before.Tables[0].Sha256, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(_lake.Exports, "gold.odd.csv"), Token))));
    }

    private Task<ExportManifest> ExportAsync(ExportFormat format, params string[] layers) =>
        new LakeExport(_lake.Lake).RunAsync(_lake.Exports, format, table => layers.Contains(table.Namespace.ToString()), Token);
}
