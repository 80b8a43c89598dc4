using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;
using PvLakehouse.TestServers;

namespace PvLakehouse.Iceberg.Sql.Tests;

/// <summary>A database of its own on the shared server, and a folder for the warehouse; the catalogs it opened end with it.</summary>
internal sealed class PostgresLake(PostgresServer server, string database) : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqlCatalog> _opened = [];

    public static TableIdentifier Energy { get; } = TableIdentifier.Parse("silver.energy");

    public static Schema Schema { get; } = new([NestedField.Mandatory(1, "id", IcebergType.Long)]);

    public string Folder => _folder.Path;

    public string Warehouse => Path.Combine(_folder.Path, "warehouse");

    public string Address => server.Address(database);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<PostgresLake> CreateAsync(PostgresServer server) => new(server, await server.CreateDatabaseAsync(Cancel));

    /// <param name="name">Name of the catalog.</param>
    /// <param name="port">Port to connect to, of a relay; null means the server's.</param>
    /// <param name="io">Storage of the client; null means the local files.</param>
    /// <param name="patience">How long the client waits for an answer [s]; null means 30.</param>
    /// <param name="options">What the catalog does with its tables.</param>
    public async Task<SqlCatalog> OpenAsync(
        string name = "lh", int? port = null, IFileIO? io = null, int? patience = null, CatalogOptions? options = null)
    {
        var address = port is null
            ? Address
            : Address.Replace($":{server.Port}/", $":{port}/", StringComparison.Ordinal);
        if (patience is not null)
        {
            var parts = PostgresAddress.Parse(address);
            parts.CommandTimeout = patience.Value;
            parts.CancellationTimeout = 200;
            address = parts.ConnectionString;
        }

        var catalog = await SqlCatalog.OpenPostgresAsync(
            address, Warehouse, io ?? new LocalFileIO(), name, options: options, cancellationToken: Cancel);
        lock (_opened)
        {
            _opened.Add(catalog);
        }

        return catalog;
    }

    public async Task<Table> CreateTableAsync(Dictionary<string, string>? properties = null)
    {
        var catalog = await OpenAsync();
        await catalog.CreateNamespaceAsync(Energy.Namespace, cancellationToken: Cancel);
        return await catalog.CreateTableAsync(Energy, new() { Schema = Schema, Properties = properties ?? [] }, Cancel);
    }

    /// <summary>Writes a small file that stands for a data file.</summary>
    public DataFile DataFile(string name)
    {
        var path = Path.Combine(Warehouse, "data", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, name);
        return new DataFile { FilePath = path, RecordCount = 1, FileSizeInBytes = name.Length };
    }

    public Task<List<string?[]>> QueryAsync(string sql) => server.QueryAsync(database, sql, Cancel);

    public async ValueTask DisposeAsync()
    {
        foreach (var catalog in _opened)
        {
            await catalog.DisposeAsync();
        }

        _folder.Dispose();
    }
}
