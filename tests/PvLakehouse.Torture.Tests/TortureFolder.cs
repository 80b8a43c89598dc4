using PvLakehouse.TestServers;

namespace PvLakehouse.Torture;

/// <summary>A catalog of its own, in SQLite or in PostgreSQL, and a temporary folder for the warehouse.</summary>
internal sealed class TortureFolder : IAsyncDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("pvlake-torture-").FullName;
    private readonly PostgresServer? _server;

    private TortureFolder(PostgresServer? server, string? catalog)
    {
        _server = server;
        Catalog = catalog ?? Path.Combine(_path, "catalog.db");
    }

    /// <summary>Path of the SQLite file, or address of the PostgreSQL database.</summary>
    public string Catalog { get; }

    public string Warehouse => Path.Combine(_path, "warehouse");

    public static async Task<TortureFolder> MakeAsync(CatalogKind kind, CancellationToken cancellationToken)
    {
        if (kind == CatalogKind.Sqlite)
        {
            return new TortureFolder(null, null);
        }

        var server = await PostgresServer.StartAsync(cancellationToken);
        return new TortureFolder(server, server.Address(await server.CreateDatabaseAsync(cancellationToken)));
    }

    public Task<TortureLake> OpenAsync(CancellationToken cancellationToken) =>
        TortureLake.OpenAsync(Catalog, Warehouse, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(_path, recursive: true);
    }
}

/// <summary>Where the catalog is.</summary>
public enum CatalogKind
{
    Sqlite,
    Postgres,
}
