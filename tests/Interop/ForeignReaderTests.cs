using System.Globalization;
using System.Text.Json;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Interop;

/// <summary>Readers that share no code with ours see the same rows.</summary>
public sealed class ForeignReaderTests(DemoLake lake) : IClassFixture<DemoLake>
{
    // Tables of ops come into being with what they tell of; the others with every run.
    private static readonly string[] Layers = ["bronze", "silver", "ml", "gold"];
    private static readonly string[] NumericTypes = ["INTEGER", "BIGINT", "FLOAT", "DOUBLE"];

    [Theory]
    [InlineData("clickhouse")]
    [InlineData("icebird")]
    public async Task A_foreign_reader_counts_and_sums_every_table_as_we_do(string reader)
    {
        var token = TestContext.Current.CancellationToken;
        var tables = await TablesAsync(token);
        var answer = await ForeignReader.AskAsync(reader, tables.Select(table => new
        {
            table = table.Name,
            location = table.Location,
            metadata = table.MetadataFile,
            columns = table.Numeric,
        }), token);
        Assert.Equal(
            Datasets.Contracts.Where(table => Layers.Contains(table.Layer)).Append(FeatureTable.Contract).Append(ScoreTable.Contract)
                .Select(table => table.ToString()).Order(StringComparer.Ordinal),
            tables.Select(table => table.Name));
        foreach (var table in tables)
        {
            var seen = answer.GetProperty(table.Name);
            Assert.Equal((table.Name, table.Rows), (table.Name, seen.GetProperty("rows").GetInt64()));
            foreach (var (column, sum) in table.Numeric.Zip(table.Sums))
            {
                // Doubles added in another order differ in their last bits only.
                var theirs = seen.GetProperty("sums").GetProperty(column).GetDouble();
                Assert.True(
                    Math.Abs(theirs - sum) <= 1e-9 * Math.Max(1, Math.Abs(sum)),
                    string.Create(CultureInfo.InvariantCulture, $"{table.Name}.{column}: {reader} sums {theirs:R}, pvlake {sum:R}"));
            }
        }
    }

    /// <summary>Rows and sums of every table, by two questions to the command line.</summary>
    private async Task<List<TableFigures>> TablesAsync(CancellationToken token)
    {
        var folders = Layers
            .SelectMany(layer => Directory.EnumerateDirectories(Path.Combine(lake.Folder, "warehouse", layer)), (layer, folder) => (Name: $"{layer}.{Path.GetFileName(folder)}", Folder: folder))
            // Artifacts of runs lie beside the tables of models.
            .Where(table => Directory.Exists(Path.Combine(table.Folder, "metadata")))
            .OrderBy(table => table.Name, StringComparer.Ordinal)
            .ToList();
        var described = await QueryAsync(
            string.Join(" UNION ALL ", folders.Select(table => $"SELECT '{table.Name}' AS t, column_name, column_type FROM (DESCRIBE iceberg.{table.Name})")), token);
        var numeric = described
            .Where(row => NumericTypes.Contains(row[2].GetString()) || row[2].GetString()!.StartsWith("DECIMAL", StringComparison.Ordinal))
            .ToLookup(row => row[0].GetString()!, row => row[1].GetString()!, StringComparer.Ordinal);
        var figures = await QueryAsync(
            string.Join(" UNION ALL ", folders.Select(table => $"SELECT '{table.Name}' AS t, count(*) AS n, [{string.Join(", ", numeric[table.Name].Select(Sum))}] AS sums FROM iceberg.{table.Name}")),
            token);
        var byTable = figures.ToDictionary(row => row[0].GetString()!, StringComparer.Ordinal);
        return folders.ConvertAll(table => new TableFigures(
            table.Name, table.Folder, NewestMetadata(table.Folder), [.. numeric[table.Name]],
            byTable[table.Name][1].GetInt64(), JsonSerializer.Deserialize<double[]>(byTable[table.Name][2].GetString()!)!));

        static string Sum(string column) => $"coalesce(sum(CAST(\"{column}\" AS DOUBLE)), 0)";
    }

    private static string NewestMetadata(string folder) =>
        Directory.EnumerateFiles(Path.Combine(folder, "metadata"), "*.metadata.json").Select(Path.GetFileName).Max(StringComparer.Ordinal)!;

    private async Task<List<JsonElement[]>> QueryAsync(string sql, CancellationToken token)
    {
        var json = await Pvlake.RunAsync(token, "sql", sql, "--lake", lake.Folder, "--format", "json");
        return [.. JsonDocument.Parse(json).RootElement.EnumerateArray().Select(row => row.EnumerateObject().Select(property => property.Value).ToArray())];
    }

    private sealed record TableFigures(string Name, string Location, string MetadataFile, string[] Numeric, long Rows, double[] Sums);
}
