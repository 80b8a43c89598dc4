using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>Writes rows as data files of a table, ready to be committed.</summary>
/// <remarks>
/// DuckDB writes into a folder of this write alone on this machine; finished files are then moved or sent to their
/// partitions and made durable. So a failure leaves nothing but that folder, which is removed, and never a half-written file
/// under a final name.
/// </remarks>
internal sealed class ParquetWriter(DuckDbStatements duckDb, IDataFiles dataFiles, WritableTable table)
{
    /// <summary>Writes the rows of a SELECT that has exactly the table's columns.</summary>
    /// <exception cref="SqlEngineException">The SELECT failed, a required value is null, or the disk did not take the files.</exception>
    public async Task<WrittenFiles> WriteAsync(string select, CancellationToken cancellationToken)
    {
        IReadOnlyList<DataFile> placed = [];
        var complete = false;
        string? folder = null;
        try
        {
            folder = dataFiles.NewWritingFolder(table.Locations.DataRoot);
            var partitions = new PartitionColumns(table.Schema, table.Spec);
            var files = await new PartitionedCopy(duckDb, table, partitions, folder).RunAsync(select, cancellationToken);
            CheckRequired(files);
            files = await new FileSplitter(duckDb, table).SplitAsync(files, cancellationToken);
            placed = Place(files);
            await dataFiles.PublishAsync(
                table.Io, [.. files.Zip(placed, (f, p) => new FinishedFile(f.Path, p.FilePath, f.SizeInBytes))], cancellationToken);
            complete = true;
            return new WrittenFiles(placed);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SqlEngineException($"Data files of table {table.Identifier} could not be written: {error.Message}", error);
        }
        finally
        {
            if (!complete)
            {
                await new WrittenFiles(placed).DeleteAsync(table.Io);
            }

            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private void CheckRequired(IReadOnlyList<CopyStatistics> files)
    {
        var broken = table.Schema.Columns.FirstOrDefault(c =>
            c.Required && files.Any(f => f.Columns.TryGetValue(c.Id, out var statistics) && statistics.NullCount > 0));
        if (broken is not null)
        {
            throw new SqlEngineException(SourceColumns.NullInRequired(table.Identifier.ToString(), broken.Name));
        }
    }

    /// <summary>What the files will be called and what the table will know of them.</summary>
    private List<DataFile> Place(IReadOnlyList<CopyStatistics> files)
    {
        var operation = Guid.NewGuid();
        return [.. files.Select((file, number) => new DataFile
        {
            FilePath = table.Locations.DataFile(table.Spec, file.Partition, LocationProvider.DataFileName(0, operation, number + 1)),
            SpecId = table.Spec.SpecId,
            Partition = file.Partition,
            RecordCount = file.Rows,
            FileSizeInBytes = file.SizeInBytes,
            Metrics = DataFileMetrics.From(table.Metadata, file.Columns),
            SortOrderId = table.SortOrder.OrderId,
        })];
    }
}
