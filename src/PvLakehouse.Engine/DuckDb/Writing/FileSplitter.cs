using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>Cuts data files that came out much larger than the table wants, keeping the order of their rows.</summary>
/// <remarks>DuckDB limits file sizes neither within partitions nor without losing the order, so this is a second pass; it is rare.</remarks>
internal sealed class FileSplitter(DuckDbStatements duckDb, WritableTable table)
{
    public async Task<IReadOnlyList<CopyStatistics>> SplitAsync(IReadOnlyList<CopyStatistics> files, CancellationToken cancellationToken)
    {
        var target = CopyOptions.TargetFileSize(table);
        var result = new List<CopyStatistics>();
        foreach (var file in files)
        {
            var parts = Math.Min((file.SizeInBytes + (target / 2)) / target, file.Rows);
            if (parts <= 1)
            {
                result.Add(file);
                continue;
            }

            for (var part = 0L; part < parts; part++)
            {
                result.Add(await CopyAsync(file, part, file.Rows * part / parts, file.Rows * (part + 1) / parts, cancellationToken));
            }

            File.Delete(file.Path);
        }

        return result;
    }

    private async Task<CopyStatistics> CopyAsync(CopyStatistics file, long part, long from, long to, CancellationToken cancellationToken)
    {
        var path = FormattableString.Invariant($"{file.Path[..^".parquet".Length]}-{part}.parquet");
        var rows = await duckDb.RowsAsync(FormattableString.Invariant($"""
            COPY (SELECT * FROM read_parquet({SqlText.Literal(file.Path)}, hive_partitioning = false)
                  WHERE file_row_number >= {from} AND file_row_number < {to})
            TO {SqlText.Literal(path)} ({CopyOptions.Of(table)})
            """), cancellationToken);
        return CopyStatistics.Read(rows[0], table.Schema, file.Partition);
    }
}
