using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Reads which data files one snapshot added.</summary>
internal static class AddedFiles
{
    public static IAsyncEnumerable<ManifestEntry> ReadAsync(
        IFileIO io, TableMetadata table, Snapshot snapshot, CancellationToken cancellationToken) => ChangedFiles.ReadAsync(
        io, table, snapshot, ManifestContent.Data, EntryStatus.Added, mayMatter: null, cancellationToken);
}
