using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Maintenance;

namespace PvLakehouse.Pipeline.Keeping.Backups;

/// <summary>Copies a lake into a folder of backups; only what earlier backups there lack is read.</summary>
/// <remarks>
/// No lock is taken: files of tables never change, and the heads are read at one moment, so writers go on meanwhile. Only
/// who removes files at the same time (expire, compact, purge) can be in the way; the backup then starts again from the
/// new heads, with what it has copied.
/// </remarks>
public sealed class LakeBackup(KeptLake lake)
{
    private const int Attempts = 3;
    private const int Parallel = 4;
    private const string BodyExtension = ".json.gz";
    private const string VersionHint = "/version-hint.text";

    /// <summary>Names in the lake's folder that are copied elsewhere, can be made again, or hold secrets.</summary>
    private static readonly string[] NotCopied = ["lake.json", "pvlake.json", ".lock", "warehouse", "tmp", "cache"];

    /// <summary>Makes a backup.</summary>
    /// <param name="folder">The folder of backups; made when missing.</param>
    /// <param name="keep">How many backups to keep, this one included; null keeps all.</param>
    /// <param name="cancellationToken">Stops the copying; earlier backups stay whole.</param>
    /// <exception cref="PipelineException">The folder holds other things, or files of the lake vanished again and again.</exception>
    public async Task<BackupResult> RunAsync(string folder, int? keep, CancellationToken cancellationToken = default)
    {
        CheckPlace(folder);
        var backups = BackupFolder.OpenOrCreate(folder);
        using var alone = backups.Lock();
        var earlier = await backups.ListAsync(cancellationToken);
        var copier = new FileCopier(lake.Io, backups, earlier.SelectMany(backup => backup.Files));
        var manifest = await CollectAsync(copier, earlier, cancellationToken);
        await backups.CompleteAsync(manifest, keep, cancellationToken);
        return new BackupResult(manifest, copier.FilesCopied, copier.BytesCopied);
    }

    private async Task<BackupManifest> CollectAsync(
        FileCopier copier, IReadOnlyList<BackupManifest> earlier, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await CollectOnceAsync(copier, earlier, cancellationToken);
            }
            catch (Exception e) when (IsGone(e) && attempt < Attempts)
            {
                // Removed by maintenance since the heads were read: the new heads do not lead to it.
            }
        }
    }

    private static bool IsGone(Exception fault) =>
        fault is FileNotFoundException or SqlEngineException or NoSuchTableException
            or IcebergFormatException { InnerException: FileNotFoundException };

    private async Task<BackupManifest> CollectOnceAsync(
        FileCopier copier, IReadOnlyList<BackupManifest> earlier, CancellationToken cancellationToken)
    {
        var now = lake.Lake.Clock.GetUtcNow();
        var tables = await TableHeads.PinAsync(lake.Lake.Catalog, cancellationToken);
        var known = earlier.SelectMany(backup => backup.Tables).SelectMany(table => table.Snapshots.Select(sum => (table.Table, sum)))
            .DistinctBy(pair => (pair.Table, pair.sum.SnapshotId))
            .ToDictionary(pair => (pair.Table, pair.sum.SnapshotId), pair => pair.sum);
        var copied = new List<BackedUpTable>();
        foreach (var table in tables)
        {
            copied.Add(await TableAsync(copier, table, known, cancellationToken));
        }

        // What names artifacts is copied before them: they are written in the other order.
        var inFolder = await FolderAsync(copier, cancellationToken);
        var bodies = await copier.CopyAsync(await BodiesAsync(cancellationToken), Parallel, cancellationToken);
        var artifacts = await copier.CopyChangingAsync(await ArtifactsAsync(tables, cancellationToken), cancellationToken);
        return new BackupManifest
        {
            Format = BackupManifest.CurrentFormat,
            Id = IdOf(now, earlier),
            TakenAt = now,
            Origin = lake.Origin,
            Warehouse = lake.Warehouse,
            Namespaces = await NamespacesAsync(cancellationToken),
            Tables = copied,
            Archive = [.. bodies, .. artifacts],
            Folder = inFolder,
        };
    }

    private async Task<BackedUpTable> TableAsync(
        FileCopier copier, Table table, Dictionary<(string, long), SummedSnapshot> known, CancellationToken cancellationToken)
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        var optional = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var file in ReachableFiles.ReadAsync(table, cancellationToken))
        {
            if (file.Location.EndsWith(VersionHint, StringComparison.Ordinal))
            {
                // Names the newest file for readers without a catalog; it changes, and a restored table is found by its catalog.
                continue;
            }

            // Earlier metadata files need not be there; everything else must.
            (file.Kind == ReachableFileKind.Metadata && file.Location != table.MetadataLocation ? optional : files).Add(file.Location);
        }

        foreach (var location in optional)
        {
            if (copier.Knows(location) || await lake.Io.ExistsAsync(location, cancellationToken))
            {
                files.Add(location);
            }
        }

        var copied = await copier.CopyAsync(files.Order(StringComparer.Ordinal), Parallel, cancellationToken);
        return new BackedUpTable(
            table.Identifier.ToString(), table.Metadata.Location, table.MetadataLocation,
            await SumsAsync(table, known, cancellationToken), copied);
    }

    /// <summary>Sums the rows at the heads of branches and tags and at the oldest snapshot; what is known is not read again.</summary>
    private async Task<IReadOnlyList<SummedSnapshot>> SumsAsync(
        Table table, Dictionary<(string, long), SummedSnapshot> known, CancellationToken cancellationToken)
    {
        var names = table.Metadata.Refs.GroupBy(named => named.Value.SnapshotId)
            .ToDictionary(group => group.Key, group => string.Join(", ", group.Select(named => named.Key).Order(StringComparer.Ordinal)));
        if (table.Metadata.Snapshots.MinBy(snapshot => snapshot.TimestampMs) is { } oldest)
        {
            names.TryAdd(oldest.SnapshotId, "oldest");
        }

        var sums = new List<SummedSnapshot>();
        foreach (var (id, name) in names.OrderBy(pair => pair.Key))
        {
            if (known.TryGetValue((table.Identifier.ToString(), id), out var sum))
            {
                sums.Add(sum with { Name = name });
                continue;
            }

            await using var session = await lake.Lake.Engine.OpenSessionAsync(cancellationToken);
            var rows = await RowChecksum.OfAsync(session, table.Identifier, id, cancellationToken);
            sums.Add(new SummedSnapshot(id, name, rows.Rows, rows.Sum));
        }

        return sums;
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> NamespacesAsync(
        CancellationToken cancellationToken)
    {
        var all = new SortedDictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var @namespace in await lake.Lake.Catalog.ListNamespacesAsync(parent: null, cancellationToken))
        {
            all[@namespace.ToString()] = await lake.Lake.Catalog.LoadNamespacePropertiesAsync(@namespace, cancellationToken);
        }

        return all;
    }

    private async Task<IReadOnlyList<string>> BodiesAsync(CancellationToken cancellationToken)
    {
        var bodies = new List<string>();
        await foreach (var file in lake.Io.ListAsync(lake.Archive, cancellationToken))
        {
            if (file.Location.EndsWith(BodyExtension, StringComparison.Ordinal))
            {
                bodies.Add(file.Location);
            }
        }

        bodies.Sort(StringComparer.Ordinal);
        return bodies;
    }

    /// <summary>The artifacts of runs: what lies beside the tables of models.</summary>
    private async Task<IReadOnlyList<string>> ArtifactsAsync(IReadOnlyList<Table> tables, CancellationToken cancellationToken)
    {
        string[] ofTables = [.. tables.Select(table => $"{table.Metadata.Location.TrimEnd('/')}/")];
        var artifacts = new List<string>();
        await foreach (var file in lake.Io.ListAsync(lake.Artifacts, cancellationToken))
        {
            if (!Array.Exists(ofTables, table => file.Location.StartsWith(table, StringComparison.Ordinal)))
            {
                artifacts.Add(file.Location);
            }
        }

        artifacts.Sort(StringComparer.Ordinal);
        return artifacts;
    }

    /// <summary>Files of the lake's folder that belong to the lake but to no table: they may change, so they are always read.</summary>
    private async Task<IReadOnlyList<BackedUpFile>> FolderAsync(FileCopier copier, CancellationToken cancellationToken)
    {
        var files = new List<BackedUpFile>();
        foreach (var path in Directory.EnumerateFiles(lake.Folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (!NotCopied.Contains(name, StringComparer.Ordinal) && !name.StartsWith("catalog.db", StringComparison.Ordinal)
                && !name.EndsWith(".tmp", StringComparison.Ordinal) && !SqliteCopy.IsBeside(name))
            {
                files.Add(SqliteCopy.IsDatabase(name)
                    ? await SqliteCopy.WithAsync(path, copy => copier.CopyChangingAsync(copy, name, cancellationToken))
                    : await copier.CopyChangingAsync(path, name, cancellationToken));
            }
        }

        return files;
    }

    private void CheckPlace(string folder)
    {
        var (place, warehouse) = (Path.GetFullPath(folder) + "/", lake.Warehouse.TrimEnd('/') + "/");
        if (place.StartsWith(Path.GetFullPath(lake.Folder) + "/", StringComparison.Ordinal)
            || place.StartsWith(warehouse, StringComparison.Ordinal))
        {
            throw new PipelineException($"{Path.GetFullPath(folder)} lies in the lake itself; a backup belongs on another disk.");
        }
    }

    /// <summary>The second of the backup, with a number when there is one of that second.</summary>
    private static string IdOf(DateTimeOffset now, IReadOnlyList<BackupManifest> earlier)
    {
        var second = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return Enumerable.Range(1, int.MaxValue)
            .Select(n => n == 1 ? second : string.Create(CultureInfo.InvariantCulture, $"{second}-{n:000}"))
            .First(id => earlier.All(backup => backup.Id != id));
    }
}

/// <summary>What a backup did.</summary>
/// <param name="Manifest">What it holds.</param>
/// <param name="FilesCopied">Files that were read and stored; the others were there.</param>
/// <param name="BytesCopied">Their length [bytes].</param>
public sealed record BackupResult(BackupManifest Manifest, int FilesCopied, long BytesCopied);
