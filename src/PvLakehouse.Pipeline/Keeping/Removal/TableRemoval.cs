using System.Globalization;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Keeping.Removal;

/// <summary>Removes tables with every file of theirs: rows, history, leftovers.</summary>
/// <param name="lake">The lake; nobody else writes it meanwhile.</param>
/// <param name="io">Storage of the tables.</param>
public sealed class TableRemoval(Lake lake, IFileIO io)
{
    /// <summary>Says what would go.</summary>
    /// <exception cref="PipelineException">The table forbids that its files are removed.</exception>
    public async Task<TableRemovalPlan> PlanAsync(TableIdentifier table, CancellationToken cancellationToken)
    {
        var loaded = await lake.Catalog.LoadTableAsync(table, cancellationToken);
        if (loaded.Metadata.Properties.TryGetValue("gc.enabled", out var collects) && collects == "false")
        {
            throw new PipelineException(
                $"{table} says gc.enabled=false: its files may belong to others too. Set the property to true if they do not, or drop the "
                + "table by SQL.");
        }

        var (files, bytes) = (0, 0L);
        await foreach (var file in io.ListAsync(loaded.Metadata.Location, cancellationToken))
        {
            files++;
            bytes += file.Size;
        }

        return new TableRemovalPlan(
            table, loaded.CurrentSnapshot is null ? 0 : Number(loaded.CurrentSnapshot.Summary.GetValueOrDefault("total-records")),
            loaded.Metadata.Snapshots.Count, files, bytes);
    }

    /// <summary>Removes a table. Leftovers go first, while the table still says what is none.</summary>
    /// <exception cref="Iceberg.IcebergException">A file could not be removed; the message says how to finish.</exception>
    public async Task RunAsync(TableIdentifier table, CancellationToken cancellationToken)
    {
        var loaded = await lake.Catalog.LoadTableAsync(table, cancellationToken);
        var orphans = await loaded.RemoveOrphanFiles().OlderThan(DateTimeOffset.MaxValue).AllowRecent().RunAsync(cancellationToken);
        if (orphans.FirstFailure is { } failure)
        {
            throw new PipelineException($"{table} is as it was: a leftover of it could not be removed. {failure}");
        }

        await lake.Catalog.DropTableAsync(table, purge: true, cancellationToken);
    }

    private static long? Number(string? text) => text is null ? null : long.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>What the removal of a table takes.</summary>
/// <param name="Table">The table.</param>
/// <param name="Rows">Rows now; null when its writer did not say.</param>
/// <param name="Snapshots">Snapshots.</param>
/// <param name="Files">Files in its folder.</param>
/// <param name="Bytes">Their length [bytes].</param>
public sealed record TableRemovalPlan(TableIdentifier Table, long? Rows, int Snapshots, int Files, long Bytes);
