using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Sql;

namespace PvLakehouse.Torture;

/// <summary>The catalog, the two tables and the engine that tortured writers and their judge share.</summary>
/// <remarks>
/// <c>log</c> takes appended rows, each stamped with its writer and number. <c>counters</c> has a fixed set of rows whose
/// values are raised one by one: an update that is lost, or done twice, shows in the sums.
/// </remarks>
public sealed class TortureLake : IAsyncDisposable
{
    /// <summary>Number of rows in <c>counters</c>, keyed from 0.</summary>
    public const int Counters = 8;

    private readonly SqlCatalog _catalog;
    private readonly DuckDbEngine _engine;

    private TortureLake(SqlCatalog catalog, DuckDbEngine engine)
    {
        _catalog = catalog;
        _engine = engine;
    }

    /// <summary>The table of appended rows.</summary>
    public static TableIdentifier Log { get; } = TableIdentifier.Parse("torture.log");

    /// <summary>The table of counters.</summary>
    public static TableIdentifier CountersTable { get; } = TableIdentifier.Parse("torture.counters");

    /// <summary>Statements that change files and never rows.</summary>
    public static IReadOnlyList<string> Upkeep { get; } =
    [
        "CALL iceberg.system.rewrite_data_files(table => 'torture.log', options => map('min-input-files', '3'))",
        "CALL iceberg.system.rewrite_data_files(table => 'torture.counters', options => map('rewrite-all', 'true'))",
        "CALL iceberg.system.rewrite_manifests('torture.log')",
        "CALL iceberg.system.expire_snapshots(table => 'torture.log', older_than => now() - INTERVAL 3 SECONDS, retain_last => 3)",
        "CALL iceberg.system.expire_snapshots(table => 'torture.counters', older_than => now() - INTERVAL 3 SECONDS, retain_last => 3)",
    ];

    /// <summary>The catalog.</summary>
    public ICatalog Catalog => _catalog;

    /// <summary>Opens a lake, which need not have its tables yet.</summary>
    /// <param name="catalog">Path of a SQLite file, or the address of a PostgreSQL database (<c>postgresql://</c>).</param>
    /// <param name="warehouse">Folder of the tables.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    public static async Task<TortureLake> OpenAsync(string catalog, string warehouse, CancellationToken cancellationToken)
    {
        var io = new LocalFileIO();
        var opened = catalog.StartsWith("postgresql://", StringComparison.Ordinal)
            ? await SqlCatalog.OpenPostgresAsync(catalog, warehouse, io, cancellationToken: cancellationToken)
            : await SqlCatalog.OpenSqliteAsync(catalog, warehouse, io, cancellationToken: cancellationToken);
        return new TortureLake(opened, new DuckDbEngine(opened, new DuckDbEngineOptions
        {
            TemporaryFolder = Path.Combine(Path.GetTempPath(), "pvlake-torture"),
            AllowedFolders = [warehouse],
            Threads = 1,
            ConflictRetries = 200,
        }));
    }

    /// <summary>Makes the tables, with every counter at 0.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        // Small limits, so that merging of manifests and trimming of logs happen all the time.
        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["commit.retry.num-retries"] = "200",
            ["commit.retry.min-wait-ms"] = "1",
            ["commit.retry.max-wait-ms"] = "50",
            ["commit.manifest.min-count-to-merge"] = "6",
            ["write.metadata.previous-versions-max"] = "10",
            ["write.metadata.delete-after-commit.enabled"] = "true",
        };
        await Catalog.CreateNamespaceAsync(Log.Namespace, cancellationToken: cancellationToken);
        var log = new Schema([
            NestedField.Mandatory(1, "writer", IcebergType.Parse("int")), NestedField.Mandatory(2, "n", IcebergType.Parse("long"))]);
        await Catalog.CreateTableAsync(Log, new TableCreation
        {
            Schema = log,
            Spec = PartitionSpec.For(log).Identity("writer").Build(),
            Properties = properties,
        }, cancellationToken);
        var counters = new Schema([
            NestedField.Mandatory(1, "id", IcebergType.Parse("int")), NestedField.Mandatory(2, "value", IcebergType.Parse("long"))]);
        await Catalog.CreateTableAsync(
            CountersTable, new TableCreation { Schema = counters, Properties = properties }, cancellationToken);
        await using var session = await OpenSessionAsync(cancellationToken);
        await session.AppendAsync(
            CountersTable,
            string.Create(CultureInfo.InvariantCulture, $"SELECT range::INTEGER AS id, 0::BIGINT AS value FROM range({Counters})"),
            WriteOptions.Default,
            cancellationToken);
    }

    /// <summary>Starts a session over the tables.</summary>
    public ValueTask<ISqlSession> OpenSessionAsync(CancellationToken cancellationToken) => _engine.OpenSessionAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _catalog.DisposeAsync();
    }
}
