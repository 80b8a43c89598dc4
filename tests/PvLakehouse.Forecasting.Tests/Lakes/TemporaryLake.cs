using System.Globalization;
using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Sql;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Tests.Lakes;

/// <summary>A real lake in a temporary folder, empty at first.</summary>
public sealed class TemporaryLake : IAsyncDisposable
{
    private readonly DuckDbEngine _engine;

    private TemporaryLake(string folder, DuckDbEngine engine, Lake lake)
    {
        Folder = folder;
        _engine = engine;
        Lake = lake;
    }

    public string Folder { get; }

    public Lake Lake { get; }

    public static async Task<TemporaryLake> CreateAsync(TimeProvider clock)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"pvlake-forecasts-{Guid.CreateVersion7():N}");
        var warehouse = Path.Combine(folder, "warehouse");
        Directory.CreateDirectory(warehouse);
        var catalog = await SqlCatalog.OpenSqliteAsync(
            Path.Combine(folder, "catalog.db"), warehouse, new LocalFileIO(), cancellationToken: TestContext.Current.CancellationToken);
        var engine = new DuckDbEngine(catalog, new DuckDbEngineOptions
        {
            TemporaryFolder = Path.Combine(folder, "tmp"),
            AllowedFolders = [warehouse],
        });
        return new(folder, engine, new Lake(catalog, engine, clock));
    }

    /// <summary>The rows of a query, each as text with a blank between its values.</summary>
    public async Task<string[]> RowsAsync(string sql)
    {
        await using var session = await Lake.Engine.OpenSessionAsync(TestContext.Current.CancellationToken);
        var result = await session.QueryAsync(sql, parameters: null, TestContext.Current.CancellationToken);
        return [.. (await result.ToListAsync(TestContext.Current.CancellationToken))
            .Select(row => string.Join(' ', row.Select(Text)))];
    }

    private static string? Text(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
