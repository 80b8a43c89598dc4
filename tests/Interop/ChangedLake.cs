using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.S3;
using PvLakehouse.Iceberg.Sql;
using PvLakehouse.TestServers;

namespace PvLakehouse.Interop;

/// <summary>A small lake, in a folder or in S3, that our engine changes and a foreign reader follows.</summary>
internal sealed class ChangedLake : IAsyncDisposable
{
    private readonly string _folder;
    private readonly S3Access? _s3;
    private readonly S3FileIO? _store;
    private readonly DuckDbEngine _engine;

    private ChangedLake(string folder, S3Access? s3, S3FileIO? store, SqlCatalog catalog, DuckDbEngine engine, ISqlSession session)
    {
        (_folder, _s3, _store, _engine) = (folder, s3, store, engine);
        (Catalog, Session) = (catalog, session);
    }

    public SqlCatalog Catalog { get; }

    public ISqlSession Session { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes an empty lake: in a bucket of an S3 server, or without one in a temporary folder.</summary>
    public static async Task<ChangedLake> MakeAsync(CephServer? server = null)
    {
        var folder = Directory.CreateTempSubdirectory("pvlake-interop-").FullName;
        var warehouse = server is null ? Directory.CreateDirectory(Path.Combine(folder, "warehouse")).FullName : "s3://lakehouse/warehouse";
        var store = server is null ? null : new S3FileIO(
            new S3Options { Endpoint = server.Endpoint, AccessKey = server.Root.AccessKey, SecretKey = server.Root.SecretKey });
        var catalog = await SqlCatalog.OpenSqliteAsync(
            Path.Combine(folder, "catalog.db"), warehouse, store is null ? new LocalFileIO() : store, cancellationToken: Cancel);
        var engine = new DuckDbEngine(catalog, new DuckDbEngineOptions
        {
            TemporaryFolder = Path.Combine(folder, "tmp"),
            AllowedFolders = store is null ? [warehouse] : [],
        });
        var s3 = server is null ? null : new S3Access(
            server.Endpoint.ToString().TrimEnd('/'), server.Root.AccessKey, server.Root.SecretKey);
        return new ChangedLake(folder, s3, store, catalog, engine, await engine.OpenSessionAsync(Cancel));
    }

    public async Task RunAsync(params string[] statements)
    {
        foreach (var statement in statements)
        {
            await (await Session.RunAsync(statement, null, Cancel)).ToListAsync(Cancel);
        }
    }

    /// <summary>Has a foreign reader read a table, and compares its rows, as texts, in their order.</summary>
    public Task ExpectAsync(string reader, TableIdentifier name, string[] columns, params string[] rows) =>
        ExpectBranchAsync(reader, name, SnapshotRef.Main, columns, rows);

    /// <summary>The same for a branch.</summary>
    public async Task ExpectBranchAsync(
        string reader, TableIdentifier name, string branch, string[] columns, params string[] rows)
    {
        var table = await Catalog.LoadTableAsync(name, Cancel);
        var request = new
        {
            table = name.Name,
            location = table.Metadata.Location,
            metadata = Path.GetFileName(table.MetadataLocation),
            branch,
            snapshot = table.Metadata.Refs[branch].SnapshotId.ToString(CultureInfo.InvariantCulture),
            s3 = _s3,
            columns,
            rows = true,
        };
        var answer = await ForeignReader.AskAsync(reader, new[] { request }, Cancel);
        Assert.Equal(rows, answer.GetProperty(name.Name).EnumerateArray().Select(row => row.GetString()));
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await _engine.DisposeAsync();
        await Catalog.DisposeAsync();
        _store?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>What a reader needs to reach the store; the names are those of the request.</summary>
    private sealed record S3Access(string Endpoint, string Key, string Secret);
}
