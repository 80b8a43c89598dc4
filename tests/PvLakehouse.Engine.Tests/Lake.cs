using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Sql;

namespace PvLakehouse.Engine.Tests;

/// <summary>A lake of its own for one test: a SQLite catalog, a warehouse and an engine in a temporary folder.</summary>
internal sealed class Lake : IAsyncDisposable
{
    private readonly List<ISqlSession> _sessions = [];

    private Lake(string folder, ICatalog catalog)
    {
        Folder = folder;
        Catalog = catalog;
        Engine = new DuckDbEngine(catalog, new DuckDbEngineOptions
        {
            TemporaryFolder = Path.Combine(folder, "tmp"),
            AllowedFolders = [Warehouse],
            Threads = 2,
        });
    }

    public string Folder { get; }

    public string Warehouse => Path.Combine(Folder, "warehouse");

    public ICatalog Catalog { get; }

    public DuckDbEngine Engine { get; }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Lake> MakeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("pvlake-engine-").FullName;
        var warehouse = Path.Combine(folder, "warehouse");
        Directory.CreateDirectory(warehouse);
        var catalog = await SqlCatalog.OpenSqliteAsync(
            Path.Combine(folder, "catalog.db"), warehouse, new LocalFileIO(), cancellationToken: Cancel);
        foreach (var layer in new[] { "bronze", "silver", "gold" })
        {
            await catalog.CreateNamespaceAsync(new Namespace(layer), cancellationToken: Cancel);
        }

        return new Lake(folder, catalog);
    }

    public async Task<ISqlSession> OpenAsync()
    {
        var session = await Engine.OpenSessionAsync(Cancel);
        _sessions.Add(session);
        return session;
    }

    /// <summary>Makes a table; columns are optional unless named among the required ones.</summary>
    public Task<Table> CreateAsync(
        string name,
        IEnumerable<(string Name, IcebergType Type)> columns,
        Func<Schema, PartitionSpec>? spec = null,
        IReadOnlyList<string>? sortedBy = null,
        IReadOnlyList<string>? required = null,
        Dictionary<string, string>? properties = null)
    {
        var schema = new Schema([.. columns.Select((c, i) => new NestedField(i + 1, c.Name, c.Type, required?.Contains(c.Name, StringComparer.Ordinal) ?? false))]);
        return Catalog.CreateTableAsync(TableIdentifier.Parse(name), new TableCreation
        {
            Schema = schema,
            Spec = spec?.Invoke(schema) ?? PartitionSpec.Unpartitioned,
            SortOrder = SortOrder.By(schema, sortedBy ?? []),
            Properties = properties ?? [],
        }, Cancel);
    }

    public Task<Table> LoadAsync(string name) => Catalog.LoadTableAsync(TableIdentifier.Parse(name), Cancel);

    /// <summary>The live data files of a table.</summary>
    public async Task<List<DataFile>> FilesAsync(string name)
    {
        var files = new List<DataFile>();
        await foreach (var task in (await LoadAsync(name)).NewScan().PlanFilesAsync(Cancel))
        {
            files.Add(task.File);
        }

        return files;
    }

    /// <summary>All Parquet files below the warehouse, committed or not.</summary>
    public IReadOnlyList<string> FilesOnDisk() =>
        [.. Directory.EnumerateFiles(Warehouse, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
        {
            await session.DisposeAsync();
        }

        await Engine.DisposeAsync();
        if (Catalog is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}

internal static class SessionExtensions
{
    /// <summary>All rows of a query, each as its values joined by '|'.</summary>
    public static async Task<string[]> LinesAsync(this ISqlSession session, string sql)
    {
        var result = await session.QueryAsync(sql, null, Lake.Cancel);
        var rows = await result.ToListAsync(Lake.Cancel);
        return [.. rows.Select(r => string.Join('|', r.Select(Text)))];
    }

    /// <summary>All rows that a statement answers with, each as its values joined by '|'.</summary>
    public static async Task<string[]> RunLinesAsync(this ISqlSession session, string sql)
    {
        var result = await session.RunAsync(sql, null, Lake.Cancel);
        var rows = await result.ToListAsync(Lake.Cancel);
        return [.. rows.Select(r => string.Join('|', r.Select(Text)))];
    }

    public static async Task<object?> ScalarAsync(this ISqlSession session, string sql) =>
        (await (await session.QueryAsync(sql, null, Lake.Cancel)).ToListAsync(Lake.Cancel))[0][0];

    public static Task<WriteOutcome> AppendAsync(this ISqlSession session, string table, string select) =>
        session.AppendAsync(TableIdentifier.Parse(table), select, WriteOptions.Default, Lake.Cancel);

    public static Task<WriteOutcome> MergeAsync(this ISqlSession session, string table, string select, params string[] keys) =>
        session.MergeAsync(TableIdentifier.Parse(table), select, new MergeOptions { KeyColumns = keys }, Lake.Cancel);

    private static string Text(object? value) => value switch
    {
        null => "null",
        DateTime { Kind: DateTimeKind.Utc } instant => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture),
        DateTime clock => clock.ToString("yyyy-MM-dd' 'HH:mm:ss.FFFFFF", System.Globalization.CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
