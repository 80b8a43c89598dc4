using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>Writes rows as data files of a table, ready to be committed.</summary>
/// <remarks>
/// DuckDB writes into a folder of this write alone; finished files are then moved to their partitions and made durable.
/// So a failure leaves nothing but that folder, which is removed, and never a half-written file under a final name.
/// </remarks>
internal sealed class ParquetWriter(DuckDbStatements duckDb, Table table)
{
    private readonly string _folder = Path.Combine(LocalFileIO.PathOf(table.Locations.DataRoot), $".writing-{Guid.NewGuid():N}");

    /// <summary>Writes the rows of a SELECT that has exactly the table's columns.</summary>
    /// <exception cref="SqlEngineException">The SELECT failed, a required value is null, or the disk did not take the files.</exception>
    public async Task<WrittenFiles> WriteAsync(string select, CancellationToken cancellationToken)
    {
        var placed = new List<DataFile>();
        var complete = false;
        try
        {
            Directory.CreateDirectory(_folder);
            var partitions = new PartitionColumns(table.Schema, table.Spec);
            var files = await new PartitionedCopy(duckDb, table, partitions, _folder).RunAsync(select, cancellationToken);
            CheckRequired(files);
            files = await new FileSplitter(duckDb, table).SplitAsync(files, cancellationToken);
            Place(files, placed);
            await table.Io.PersistAsync([.. placed.Select(f => f.FilePath)], cancellationToken);
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

            if (Directory.Exists(_folder))
            {
                Directory.Delete(_folder, recursive: true);
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

    private void Place(IReadOnlyList<CopyStatistics> files, List<DataFile> placed)
    {
        var operation = Guid.NewGuid();
        foreach (var (number, file) in files.Index())
        {
            var location = table.Locations.DataFile(table.Spec, file.Partition, LocationProvider.DataFileName(0, operation, number + 1));
            var path = LocalFileIO.PathOf(location);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(file.Path, path);
            placed.Add(new DataFile
            {
                FilePath = location,
                SpecId = table.Spec.SpecId,
                Partition = file.Partition,
                RecordCount = file.Rows,
                FileSizeInBytes = file.SizeInBytes,
                Metrics = DataFileMetrics.From(table.Metadata, file.Columns),
                SortOrderId = table.SortOrder.OrderId,
            });
        }
    }
}
