using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace PvLakehouse.Interop;

/// <summary>Readers that share no code with ours see the same rows.</summary>
public sealed class ForeignReaderTests(DemoLake lake) : IClassFixture<DemoLake>
{
    private static readonly string[] Layers = ["bronze", "silver", "gold"];
    private static readonly string[] NumericTypes = ["INTEGER", "BIGINT", "FLOAT", "DOUBLE"];

    [Theory]
    [InlineData("clickhouse")]
    [InlineData("icebird")]
    public async Task A_foreign_reader_counts_and_sums_every_table_as_we_do(string reader)
    {
        var token = TestContext.Current.CancellationToken;
        var tables = await TablesAsync(token);
        var request = JsonSerializer.Serialize(tables.Select(table => new
        {
            table = table.Name,
            location = table.Location,
            metadata = table.MetadataFile,
            columns = table.Numeric,
        }));
        var npm = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "NpmFolder").Value!;

        var output = await ProcessOutput.OfAsync("node", [Path.Combine(npm, "read.mjs"), reader], request, token);

        var answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal(13, tables.Count);
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

    private async Task<List<TableFigures>> TablesAsync(CancellationToken token)
    {
        var tables = new List<TableFigures>();
        foreach (var layer in Layers)
        {
            foreach (var folder in Directory.EnumerateDirectories(Path.Combine(lake.Folder, "warehouse", layer)).Order(StringComparer.Ordinal))
            {
                tables.Add(await FiguresAsync(layer, folder, token));
            }
        }

        return tables;
    }

    private async Task<TableFigures> FiguresAsync(string layer, string folder, CancellationToken token)
    {
        var name = $"{layer}.{Path.GetFileName(folder)}";
        var columns = await QueryAsync($"SELECT column_name, column_type FROM (DESCRIBE iceberg.{name})", token);
        var numeric = columns
            .Where(row => NumericTypes.Contains(row[1].GetString()) || row[1].GetString()!.StartsWith("DECIMAL", StringComparison.Ordinal))
            .Select(row => row[0].GetString()!)
            .ToArray();
        var sums = string.Concat(numeric.Select(column => $", coalesce(sum(CAST(\"{column}\" AS DOUBLE)), 0) AS \"sum_{column}\""));
        var figures = (await QueryAsync($"SELECT count(*) AS total{sums} FROM iceberg.{name}", token)).Single();
        var metadata = Directory.EnumerateFiles(Path.Combine(folder, "metadata"), "*.metadata.json").Select(Path.GetFileName).Max(StringComparer.Ordinal)!;
        return new(name, folder, metadata, numeric, figures[0].GetInt64(), [.. figures.Skip(1).Select(value => value.GetDouble())]);
    }

    private async Task<List<JsonElement[]>> QueryAsync(string sql, CancellationToken token)
    {
        var json = await Pvlake.RunAsync(token, "sql", sql, "--lake", lake.Folder, "--format", "json");
        return [.. JsonDocument.Parse(json).RootElement.EnumerateArray().Select(row => row.EnumerateObject().Select(property => property.Value).ToArray())];
    }

    private sealed record TableFigures(string Name, string Location, string MetadataFile, string[] Numeric, long Rows, double[] Sums);
}
