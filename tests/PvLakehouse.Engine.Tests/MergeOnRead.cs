using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Engine.Tests;

/// <summary>Deletes rows as merge-on-read writers do: by delete files, the data files staying as they are.</summary>
internal sealed class MergeOnRead(Lake lake, ISqlSession session, string table)
{
    private int _number;

    /// <summary>Deletes by file and place; a file for each data file that has such rows.</summary>
    /// <param name="where">The rows, in terms of the columns that the data files have.</param>
    public async Task DeletePositionsAsync(string where)
    {
        var delta = (await lake.LoadAsync(table)).NewRowDelta();
        var found = false;
        foreach (var data in await lake.FilesAsync(table))
        {
            var rows = $"SELECT '{data.FilePath}' AS file_path, file_row_number AS pos FROM read_parquet('{data.FilePath}', file_row_number = true) WHERE {where}";
            if (await WriteAsync(data, rows, "file_path: 2147483546, pos: 2147483545") is { } deletes)
            {
                delta.AddDeletes(deletes with { Content = FileContent.PositionDeletes, ReferencedDataFile = data.FilePath });
                found = true;
            }
        }

        if (found)
        {
            await delta.CommitAsync(Lake.Cancel);
        }
    }

    /// <summary>Deletes all rows that have one of some values in a column; a file for each partition.</summary>
    /// <param name="column">The column.</param>
    /// <param name="id">Its field id.</param>
    /// <param name="values">SQL of a list of values.</param>
    public async Task DeleteKeysAsync(string column, int id, string values)
    {
        var delta = (await lake.LoadAsync(table)).NewRowDelta();
        var found = false;
        foreach (var data in (await lake.FilesAsync(table)).DistinctBy(f => (f.SpecId, f.Partition)))
        {
            if (await WriteAsync(data, $"SELECT unnest({values}) AS {column}", $"{column}: {id}") is { } deletes)
            {
                delta.AddDeletes(deletes with { Content = FileContent.EqualityDeletes, EqualityIds = [id] });
                found = true;
            }
        }

        if (found)
        {
            await delta.CommitAsync(Lake.Cancel);
        }
    }

    /// <summary>A file of the partition of a data file; null when it would be empty.</summary>
    private async Task<DataFile?> WriteAsync(DataFile data, string rows, string fieldIds)
    {
        var count = (long)(await session.ScalarAsync($"SELECT count(*) FROM ({rows})"))!;
        if (count == 0)
        {
            return null;
        }

        var path = FormattableString.Invariant($"{data.FilePath}-deletes-{++_number}.parquet");
        await session.ExecuteAsync($"COPY ({rows}) TO '{path}' (FORMAT parquet, FIELD_IDS {{{fieldIds}}})", Lake.Cancel);
        return new DataFile
        {
            FilePath = path, SpecId = data.SpecId, Partition = data.Partition, RecordCount = count, FileSizeInBytes = new FileInfo(path).Length,
        };
    }
}
