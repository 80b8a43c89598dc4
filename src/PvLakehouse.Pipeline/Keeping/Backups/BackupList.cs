namespace PvLakehouse.Pipeline.Keeping.Backups;

/// <summary>The backups of a folder.</summary>
public static class BackupList
{
    /// <summary>Reads the manifests, the newest first.</summary>
    /// <exception cref="PipelineException">The folder holds no backups, or a manifest is damaged.</exception>
    public static Task<IReadOnlyList<BackupManifest>> ReadAsync(string folder, CancellationToken cancellationToken = default) =>
        BackupFolder.Open(folder).ListAsync(cancellationToken);
}
