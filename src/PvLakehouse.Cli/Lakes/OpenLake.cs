using Microsoft.Extensions.DependencyInjection;
using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Tracking.Mlflow;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.S3;
using PvLakehouse.Iceberg.Sql;
using PvLakehouse.Pipeline.Keeping;
using PvLakehouse.Pipeline.Lineage;
using PvLakehouse.Pipeline.Ledger;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;

namespace PvLakehouse.Cli.Lakes;

/// <summary>A lake with its catalog, storage and engine: the one place where these parts are put together.</summary>
internal sealed class OpenLake : IAsyncDisposable
{
    private readonly LakeSettings _settings;
    private readonly string _warehouse;
    private readonly IFileIO _io;
    private readonly S3FileIO? _s3;
    private readonly SqlCatalog _catalog;
    private readonly DuckDbEngine _engine;
    private readonly ServiceProvider _services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
    private IAsyncDisposable? _lock;

    private OpenLake(LakeSettings settings, string warehouse, SqlCatalog catalog, IFileIO io, S3FileIO? s3, string? exports)
    {
        _settings = settings;
        _warehouse = warehouse;
        _io = io;
        _s3 = s3;
        _catalog = catalog;
        var options = new DuckDbEngineOptions
        {
            TemporaryFolder = Path.Combine(settings.Folder, "tmp"),
            CacheFolder = Path.Combine(settings.Folder, "cache"),
            TableFunctions = [EnergyLedger.Function(() => Lake!)],
            AllowedFolders =
            [
                .. S3Location.Matches(warehouse) ? Array.Empty<string>() : [warehouse],
                .. exports is null ? Array.Empty<string>() : [exports],
            ],
        };
        _engine = new DuckDbEngine(catalog, settings.CacheBytes is { } bytes ? options with { CacheBytes = bytes } : options);
        Lake = new Lake(catalog, _engine, TimeProvider.System)
        {
            Alerts = settings.Alerts.Sinks(_services.GetRequiredService<IHttpClientFactory>()),
        };
        Lineage = settings.Lineage.Events(_services.GetRequiredService<IHttpClientFactory>());
        Archive = S3Location.Matches(warehouse)
            ? new StoreBodyArchive(io, $"{warehouse}/archive")
            : new FolderBodyArchive(Path.Combine(warehouse, "archive"));
        Name = settings.Catalog is null && settings.Warehouse is null ? settings.Folder : $"{warehouse}, catalog {catalog.Address}";
    }

    /// <summary>Where the lake is, for people; without secrets.</summary>
    public string Name { get; }

    /// <summary>The arguments that name the lake on a command line, as far as they can be shown.</summary>
    public string Arguments => _settings.Catalog is null ? $"--lake {_settings.Folder}" : "--catalog ...";

    public ICatalog Catalog => _catalog;

    public Lake Lake { get; }

    /// <summary>What tells a lineage server of stages; null when none is configured.</summary>
    public LineageEvents? Lineage { get; }

    /// <summary>Where response bodies are kept.</summary>
    public IBodyArchive Archive { get; }

    /// <summary>What was spent of the sources' limits: a file of this machine, since keys and addresses are what servers count
    /// by.</summary>
    public IUsageStore Usage => UsageIn(_settings);

    /// <summary>The usage that belongs to the folder of some settings, whether there is a lake or not.</summary>
    public static IUsageStore UsageIn(LakeSettings settings) => new FileUsageStore(Path.Combine(settings.Folder, "usage.json"));

    /// <summary>Opens an existing lake to read from it.</summary>
    /// <exception cref="LakeException">There is no lake.</exception>
    public static Task<OpenLake> ForReadingAsync(LakeSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Catalog is null)
        {
            _ = LakeFolder.Open(settings.Folder);
        }

        return ComposeAsync(settings, cancellationToken);
    }

    /// <summary>Opens an existing lake to read from it and to write its rows into a folder elsewhere.</summary>
    /// <exception cref="LakeException">There is no lake.</exception>
    public static Task<OpenLake> ForExportAsync(LakeSettings settings, string folder, CancellationToken cancellationToken)
    {
        if (settings.Catalog is null)
        {
            _ = LakeFolder.Open(settings.Folder);
        }

        return ComposeAsync(settings, cancellationToken, exports: folder);
    }

    /// <summary>Opens an existing lake to write to it; no other process can meanwhile.</summary>
    /// <exception cref="LakeException">There is no lake, or another process writes it.</exception>
    public static async Task<OpenLake> ForWritingAsync(LakeSettings settings, CancellationToken cancellationToken)
    {
        var writeLock = settings.Catalog is null ? LakeFolder.Open(settings.Folder).LockForWriting() : null;
        var lake = await ComposeAsync(settings, cancellationToken, writeLock);
        return settings.Catalog is null ? lake : await lake.OrDisposeAsync(async () =>
        {
            if (await CatalogOrigin.ReadAsync(lake.Catalog, cancellationToken) is null)
            {
                throw new LakeException(
                    $"There is no lake in the catalog at {lake._catalog.Address}; 'pvlake demo' or 'pvlake run --mode backfill' makes "
                    + "one.");
            }

            await lake.LockCatalogAsync(cancellationToken);
        });
    }

    /// <summary>Opens or makes a lake that takes data of one origin; no other process can write meanwhile.</summary>
    /// <exception cref="LakeException">The folder is no lake, or one of another origin, or another process writes it.</exception>
    public static async Task<OpenLake> ForIngestAsync(LakeSettings settings, string origin, CancellationToken cancellationToken)
    {
        var writeLock = settings.Catalog is null ? LakeFolder.OpenOrCreate(settings.Folder, origin).LockForWriting() : null;
        var lake = await ComposeAsync(settings, cancellationToken, writeLock);
        return settings.Catalog is null ? lake : await lake.OrDisposeAsync(async () =>
        {
            await lake.LockCatalogAsync(cancellationToken);
            await CatalogOrigin.ClaimAsync(lake.Catalog, origin, lake._catalog.Address, cancellationToken);
        });
    }

    /// <summary>Opens a place that holds no lake yet, to restore one; it becomes a lake by <see cref="MarkAsync"/>.</summary>
    /// <exception cref="LakeException">The folder holds something, or another process writes there.</exception>
    public static async Task<OpenLake> ForRestoreAsync(LakeSettings settings, CancellationToken cancellationToken)
    {
        var writeLock = settings.Catalog is null ? LakeFolder.LockEmpty(settings.Folder) : null;
        var lake = await ComposeAsync(settings, cancellationToken, writeLock);
        return settings.Catalog is null ? lake : await lake.OrDisposeAsync(() => lake.LockCatalogAsync(cancellationToken));
    }

    /// <summary>Opens tracking and the model registry: of the lake itself, or of the MLflow server at an address.</summary>
    /// <exception cref="TrackingException">The embedded store cannot be used.</exception>
    public Task<TrackingServices> TrackingAsync(TrackingAddress address, CancellationToken cancellationToken) => TrackingServices.OpenAsync(
        address,
        new() { Folder = _settings.Folder, Warehouse = _warehouse, Files = _io },
        new MlflowOptions { Credentials = MlflowCredentials.FromEnvironment(Environment.GetEnvironmentVariable) },
        cancellationToken);

    /// <summary>Makes a restored place a lake.</summary>
    public async Task MarkAsync(string origin, CancellationToken cancellationToken)
    {
        if (_settings.Catalog is null)
        {
            LakeFolder.Mark(_settings.Folder, origin);
        }
        else
        {
            await CatalogOrigin.ClaimAsync(_catalog, origin, _catalog.Address, cancellationToken);
        }
    }

    /// <summary>The lake with the places where its files are.</summary>
    /// <param name="origin">Where its data come from; null reads it from the lake.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="LakeException">The catalog holds no lake.</exception>
    public async Task<KeptLake> KeptAsync(string? origin, CancellationToken cancellationToken) => new(
        Lake, _io, _warehouse, _settings.Folder,
        origin
        ?? (_settings.Catalog is null
            ? LakeFolder.Open(_settings.Folder).Origin
            : await CatalogOrigin.ReadAsync(_catalog, cancellationToken))
        ?? throw new LakeException($"There is no lake in the catalog at {_catalog.Address}."));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _engine.DisposeAsync();
        if (_lock is not null)
        {
            await _lock.DisposeAsync();
        }

        await _catalog.DisposeAsync();
        _s3?.Dispose();
    }

    private static async Task<OpenLake> ComposeAsync(
        LakeSettings settings, CancellationToken cancellationToken, IAsyncDisposable? writeLock = null, string? exports = null)
    {
        var warehouse = settings.Warehouse ?? Path.Combine(settings.Folder, "warehouse");
        var s3 = S3Location.Matches(warehouse) || settings.Catalog is not null
            ? new S3FileIO(S3Options.FromProperties(settings.Storage))
            : null;
        try
        {
            IFileIO local = new LocalFileIO();
            var io = s3 is null ? local : new RoutingFileIO([new("file", local), new("s3", s3), new("s3a", s3), new("s3n", s3)]);
            if (!S3Location.Matches(warehouse))
            {
                Directory.CreateDirectory(warehouse);
            }

            var catalog = settings.Catalog is { } address
                ? await SqlCatalog.OpenPostgresAsync(address, warehouse, io, settings.CatalogName, cancellationToken: cancellationToken)
                : await SqlCatalog.OpenSqliteAsync(
                    Path.Combine(settings.Folder, LakeFolder.CatalogFile), warehouse, io, settings.CatalogName,
                    cancellationToken: cancellationToken);
            return new(settings, warehouse, catalog, io, s3, exports) { _lock = writeLock };
        }
        catch
        {
            s3?.Dispose();
            if (writeLock is not null)
            {
                await writeLock.DisposeAsync();
            }

            throw;
        }
    }

    private async Task<OpenLake> OrDisposeAsync(Func<Task> check)
    {
        try
        {
            await check();
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task LockCatalogAsync(CancellationToken cancellationToken) =>
        _lock = await _catalog.TryLockAsync("pvlake", cancellationToken) ?? throw new LakeException(
            $"Another pvlake is writing the lake in the catalog at {_catalog.Address}; wait for it to end and run this again.");
}
