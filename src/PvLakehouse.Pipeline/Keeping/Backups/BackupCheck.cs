using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Pipeline.Keeping.Backups;

/// <summary>Proves a backup: reads every stored byte, restores into a scratch place and compares the rows.</summary>
public static class BackupCheck
{
    /// <summary>Checks the stored files against their checksums.</summary>
    /// <param name="folder">The folder of backups.</param>
    /// <param name="id">Name of the backup; null takes the newest.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>What is wrong, one sentence a file; none when all is right.</returns>
    /// <exception cref="PipelineException">There is no such backup.</exception>
    public static async Task<IReadOnlyList<string>> FilesAsync(string folder, string? id, CancellationToken cancellationToken = default)
    {
        var backups = BackupFolder.Open(folder);
        var manifest = await backups.FindAsync(id, cancellationToken);
        var faults = new List<string>();
        foreach (var file in manifest.Files.DistinctBy(file => file.Sha256))
        {
            if (await backups.CheckAsync(file, cancellationToken) is { } fault)
            {
                faults.Add($"{file.Location}: {fault}.");
            }
        }

        return faults;
    }

    /// <summary>Compares the rows of a restored lake with those that were summed at the backup.</summary>
    /// <param name="manifest">The backup.</param>
    /// <param name="restored">The lake that was made of it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async IAsyncEnumerable<ComparedSnapshot> RowsAsync(
        BackupManifest manifest, KeptLake restored,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(restored);
        foreach (var table in manifest.Tables)
        {
            foreach (var recorded in table.Snapshots)
            {
                await using var session = await restored.Lake.Engine.OpenSessionAsync(cancellationToken);
                yield return new ComparedSnapshot(table.Table, recorded, await RowChecksum.OfAsync(
                    session, TableIdentifier.Parse(table.Table), recorded.SnapshotId, cancellationToken));
            }
        }
    }
}

/// <summary>The rows of a table at a snapshot, at the backup and in the restored lake.</summary>
/// <param name="Table">The table.</param>
/// <param name="Recorded">At the backup.</param>
/// <param name="Restored">In the restored lake.</param>
public sealed record ComparedSnapshot(string Table, SummedSnapshot Recorded, RowChecksum Restored)
{
    /// <summary>Whether they are the same.</summary>
    public bool IsEqual => Recorded.Rows == Restored.Rows && Recorded.Sum == Restored.Sum;
}
