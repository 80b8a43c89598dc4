using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources.Archive;

namespace PvLakehouse.Pipeline.Keeping.Rebuilding;

/// <summary>Finds what the archive has of the commits that a bronze table is made of.</summary>
internal sealed class ArchivedLoads(Lake lake, IBodyArchive archive)
{
    /// <summary>The records of a table's commits, oldest first; none when the table was never loaded.</summary>
    /// <remarks>
    /// The table's own newest snapshot names the last. Without the table it is the newest record that none follows, whose commit may not
    /// have come about when its process was killed: its rows were received all the same. A table that is there without rows, beside others
    /// that have some, was never loaded; nothing is listed then, which not every key may.
    /// </remarks>
    /// <exception cref="PipelineException">The archive lacks a record, or the table was loaded by a version that kept none.</exception>
    /// <exception cref="Sources.SourceException">A record is damaged.</exception>
    public async Task<IReadOnlyList<LoadRecord>> OfAsync(TableContract table, CancellationToken cancellationToken)
    {
        var records = new List<LoadRecord>();
        for (var name = await NewestAsync(table, cancellationToken); name is not null; name = records[^1].After)
        {
            if (name == LoadRecord.Unrecorded)
            {
                throw new PipelineException(
                    $"{table} was first loaded by a version that kept no records of its loads, so the archive alone cannot tell its rows; "
                    + "nothing was rebuilt. Silver and gold can be made anew by 'pvlake rebuild --from bronze'.");
            }

            records.Add(await archive.FindRecordAsync(table.Name, name, cancellationToken) ?? throw new PipelineException(
                $"The archive lacks the record {name} of {table}; nothing was rebuilt. Restore the archive from a copy, or use --from "
                + "bronze."));
        }

        records.Reverse();
        return records;
    }

    private async Task<string?> NewestAsync(TableContract table, CancellationToken cancellationToken)
    {
        var found = await lake.Tables.FindAsync(table, cancellationToken);
        if (found?.CurrentSnapshot is { } head)
        {
            return Watermark.Of(found.Metadata, head, Watermark.Load) is { Length: > 0 } name ? name : LoadRecord.Unrecorded;
        }

        if (found is not null && await HasRowsAsync(cancellationToken))
        {
            return null;
        }

        var records = new List<LoadRecord>();
        foreach (var name in await archive.RecordsAsync(table.Name, cancellationToken))
        {
            records.Add((await archive.FindRecordAsync(table.Name, name, cancellationToken))!);
        }

        var followed = records.Select(record => record.After).ToHashSet(StringComparer.Ordinal);
        return records.Where(record => !followed.Contains(record.Name)).MaxBy(record => record.IngestedAt)?.Name;
    }

    private async Task<bool> HasRowsAsync(CancellationToken cancellationToken)
    {
        foreach (var series in ArchivedRows.Tables)
        {
            if ((await lake.Tables.FindAsync(series.Contract, cancellationToken))?.CurrentSnapshot is not null)
            {
                return true;
            }
        }

        return false;
    }
}
