using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Engine.DuckDb.Compaction;

/// <summary>Reads the rows of a group of data files that are not deleted and writes them as other files.</summary>
/// <remarks>
/// Rows go through DuckDB from file to file; sorting spills to the session's folder when memory is short.
/// </remarks>
internal sealed class GroupRewriter(DuckDbStatements duckDb, TableReader reader, IDataFiles dataFiles)
{
    /// <exception cref="SqlEngineException">
    /// A file cannot be read, or the new ones cannot be written; none stays behind.
    /// </exception>
    public async Task<IReadOnlyList<DataFile>> RewriteAsync(
        Table table, FileGroup group, CancellationToken cancellationToken)
    {
        await using var rows = await reader.OpenAsync(
            table.Io, table.Metadata, table.Schema, group.Files, whole: true, cancellationToken);
        return (await new ParquetWriter(duckDb, dataFiles, table).WriteAsync(rows.Select, cancellationToken)).Files;
    }
}
