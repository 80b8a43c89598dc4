using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>The part of a compaction that needs an engine: reads rows and writes them into other files.</summary>
public interface IFileGroupRewriter
{
    /// <summary>
    /// Writes all rows of a group that are not deleted into new files, which are complete and durable then.
    /// </summary>
    /// <remarks>When it fails, or is cancelled, it leaves no file behind.</remarks>
    /// <param name="table">The table; gives schema, locations and write properties.</param>
    /// <param name="group">The files to read, and what the new ones should be like.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The new files; none when every row is deleted.</returns>
    Task<IReadOnlyList<DataFile>> RewriteAsync(
        Table table, FileGroup group, CancellationToken cancellationToken = default);
}
