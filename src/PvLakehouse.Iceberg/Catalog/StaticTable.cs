using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>Opens tables for reading by their files alone, without a catalog.</summary>
public static class StaticTable
{
    /// <summary>Opens a table by a metadata file, or by its folder at the newest metadata file that lies there.</summary>
    /// <remarks>
    /// The table is read only: commits through it are refused with <see cref="NotSupportedException"/>.
    /// <see cref="Table.RefreshAsync"/> looks again for the newest file when a folder was given.
    /// </remarks>
    /// <param name="io">Storage of the table.</param>
    /// <param name="metadataLocationOrFolder">Location of a metadata file, or of the folder that holds <c>metadata/</c>.</param>
    /// <param name="identifier">Name that the table goes by; by default <c>files.</c> and the name of its folder.</param>
    /// <param name="cancellationToken">Stops between requests.</param>
    /// <exception cref="IcebergFormatException">
    /// There is no metadata file, two claim to be the newest, or it cannot be read here.
    /// </exception>
    public static Task<Table> LoadAsync(
        IFileIO io,
        string metadataLocationOrFolder,
        TableIdentifier? identifier = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(io);
        ArgumentException.ThrowIfNullOrEmpty(metadataLocationOrFolder);
        var name = identifier ?? new TableIdentifier(new Namespace("files"), NameOf(metadataLocationOrFolder));
        return new StaticCatalog(io, metadataLocationOrFolder, name).LoadTableAsync(name, cancellationToken);
    }

    /// <summary>Opens a table by metadata that was read already.</summary>
    internal static Table Of(IFileIO io, TableMetadata metadata, string location, TableIdentifier identifier) => new(
        new StaticCatalog(io, location, identifier), identifier, io, new TableState(metadata, location), CommitContext.System);

    private static string NameOf(string location)
    {
        var parts = location.Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (TableMetadataFiles.IsMetadataFile(location) && parts.Count > 1)
        {
            parts.RemoveAt(parts.Count - 1);
            if (parts is [_, .., "metadata"])
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return parts[^1];
    }
}
