using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Maintenance.Relocation;

namespace PvLakehouse.Pipeline.Keeping.Backups;

/// <summary>Makes a lake of a backup, wherever the lake was before.</summary>
/// <remarks>
/// Locations in table metadata, manifest lists and manifests are absolute; they are written anew for the new place. All
/// files are there, and on the disk, before the first table is registered.
/// </remarks>
public sealed class LakeRestore
{
    private readonly BackupFolder _backups;

    private LakeRestore(BackupFolder backups, BackupManifest manifest)
    {
        _backups = backups;
        Manifest = manifest;
    }

    /// <summary>The backup that is restored.</summary>
    public BackupManifest Manifest { get; }

    /// <summary>Opens a backup.</summary>
    /// <param name="folder">The folder of backups.</param>
    /// <param name="id">Name of the backup; null takes the newest.</param>
    /// <param name="tables">The tables to restore, for example <c>gold.dim_date</c>; none restores all, with the archive.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="PipelineException">There is no such backup, or it has no such table, or lacks a file.</exception>
    public static async Task<LakeRestore> OpenAsync(
        string folder, string? id, IReadOnlyCollection<string> tables, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tables);
        var backups = BackupFolder.Open(folder);
        var manifest = await backups.FindAsync(id, cancellationToken);
        if (tables.FirstOrDefault(name => manifest.Tables.All(table => table.Table != name)) is { } unknown)
        {
            throw new PipelineException(
                $"Backup {manifest.Id} has no table {unknown}; it has {string.Join(", ", manifest.Tables.Select(table => table.Table))}.");
        }

        if (tables.Count > 0)
        {
            manifest = manifest with
            {
                Tables = [.. manifest.Tables.Where(table => tables.Contains(table.Table))],
                Archive = [],
                Folder = [],
            };
        }

        return manifest.Files.FirstOrDefault(file => !backups.Has(file)) is { } missing
            ? throw new PipelineException(
                $"Backup {manifest.Id} is damaged: {missing.Location} is missing or of another length than {missing.Size} bytes; nothing "
                + "was restored.")
            : new LakeRestore(backups, manifest);
    }

    /// <summary>Writes every file and registers the tables.</summary>
    /// <param name="target">The new lake, which has no tables and no files yet.</param>
    /// <param name="cancellationToken">Stops the work; the target is unfinished then.</param>
    /// <exception cref="PipelineException">The target holds something.</exception>
    /// <exception cref="IcebergException">A file of the backup is damaged.</exception>
    public async Task RunAsync(KeptLake target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        await RequireEmptyAsync(target, cancellationToken);
        var source = new BackedUpFiles(_backups, Manifest.Files);
        var moved = new List<(TableIdentifier Table, string Metadata)>();
        foreach (var table in Manifest.Tables)
        {
            var identifier = TableIdentifier.Parse(table.Table);
            var place = $"{target.Warehouse.TrimEnd('/')}/{string.Join('/', identifier.Namespace.Levels)}/{identifier.Name}";
            // A table of the warehouse keeps its place in it; one from elsewhere gets the place that a new one would have.
            (string From, string To)[] folders = table.Location.StartsWith(Manifest.Warehouse.TrimEnd('/') + "/", StringComparison.Ordinal)
                ? [(Manifest.Warehouse, target.Warehouse)]
                : [(Manifest.Warehouse, target.Warehouse), (table.Location, place)];
            var map = new LocationMap(folders, $"{place}/outside");
            moved.Add((identifier, await new TableRelocation(source, target.Io, map).RunAsync(table.MetadataLocation, cancellationToken)));
        }

        await RestoreArchiveAsync(source, target, cancellationToken);
        await RestoreFolderAsync(target, cancellationToken);
        await RegisterAsync(target.Lake.Catalog, moved, cancellationToken);
    }

    private static async Task RequireEmptyAsync(KeptLake target, CancellationToken cancellationToken)
    {
        foreach (var @namespace in await target.Lake.Catalog.ListNamespacesAsync(parent: null, cancellationToken))
        {
            if ((await target.Lake.Catalog.ListTablesAsync(@namespace, cancellationToken)) is [var table, ..])
            {
                throw new PipelineException($"The catalog has tables already, such as {table}; restore into a new lake.");
            }
        }

        await foreach (var file in target.Io.ListAsync(target.Warehouse, cancellationToken))
        {
            throw new PipelineException($"{target.Warehouse} holds files already, such as {file.Location}; restore into an empty place.");
        }
    }

    private async Task RestoreArchiveAsync(BackedUpFiles source, KeptLake target, CancellationToken cancellationToken)
    {
        var map = new LocationMap([(Manifest.Warehouse, target.Warehouse)], target.Archive);
        foreach (var batch in Manifest.Archive.Chunk(256))
        {
            await Parallel.ForEachAsync(
                batch,
                new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
                async (file, token) =>
                {
                    await using var content = await source.OpenReadAsync(file.Location, token);
                    await using var body = await target.Io.CreateAsync(map.Move(file.Location), token);
                    await content.CopyToAsync(body.Content, token);
                    await body.CompleteAsync(token);
                });
            await target.Io.PersistAsync([.. batch.Select(file => map.Move(file.Location))], cancellationToken);
        }
    }

    private async Task RestoreFolderAsync(KeptLake target, CancellationToken cancellationToken)
    {
        foreach (var file in Manifest.Folder)
        {
            await using var content = await _backups.OpenAsync(file, cancellationToken);
            await using var copy = File.Create(Path.Combine(target.Folder, file.Location));
            await content.CopyToAsync(copy, cancellationToken);
            copy.Flush(flushToDisk: true);
        }
    }

    private async Task RegisterAsync(
        ICatalog catalog, List<(TableIdentifier Table, string Metadata)> moved, CancellationToken cancellationToken)
    {
        foreach (var (name, properties) in Manifest.Namespaces)
        {
            var @namespace = Namespace.Parse(name);
            var wanted = properties.Where(property => property.Key != "location").ToDictionary(StringComparer.Ordinal);
            if (!await catalog.NamespaceExistsAsync(@namespace, cancellationToken))
            {
                await catalog.CreateNamespaceAsync(@namespace, wanted, cancellationToken);
            }
        }

        foreach (var (table, metadata) in moved)
        {
            await catalog.RegisterTableAsync(table, metadata, cancellationToken);
        }
    }
}
