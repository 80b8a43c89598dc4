using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Publishing;

/// <summary>The branch on which silver, gold and ops are written before anybody sees them, and its way to the main one.</summary>
/// <remarks>
/// Bronze has it only while it is rebuilt: loads commit to the main branch at once, since what was received is recorded whatever it says.
/// Each table has its own branch of the same name. They become visible together, in one commit of all tables, so a reader
/// never sees a gold that is new in one table and old in another. One run writes at a time: the lake's lock sees to that.
/// </remarks>
internal sealed class AuditBranch(Lake lake)
{
    public const string Name = "audit";

    /// <summary>The lake as models of the run see it.</summary>
    public Lake Lake { get; } = lake with { Branch = Name };

    /// <summary>The tables that the run has written to, with both heads, in the order of <see cref="Datasets.Contracts"/>.</summary>
    public async Task<IReadOnlyList<AuditedTable>> WrittenAsync(CancellationToken cancellationToken)
    {
        var written = new List<AuditedTable>();
        foreach (var contract in Datasets.Contracts)
        {
            if (await lake.Tables.FindAsync(contract, cancellationToken) is { } table && table.Metadata.Refs.TryGetValue(Name, out var head))
            {
                written.Add(new(contract, table, table.Metadata.CurrentSnapshotId, head.SnapshotId));
            }
        }

        return written;
    }

    /// <summary>Forgets what an earlier run left behind: it was stopped, or its audit failed.</summary>
    /// <remarks>The snapshots stay until they expire.</remarks>
    public async Task DiscardAsync(CancellationToken cancellationToken)
    {
        await using var together = lake.Catalog.NewMultiTableTransaction();
        foreach (var table in await WrittenAsync(cancellationToken))
        {
            await together.On(table.Table).ManageSnapshots().RemoveBranch(Name).CommitAsync(cancellationToken);
        }

        await together.CommitAsync(cancellationToken);
    }

    /// <summary>Moves the main branch of tables to their audited state, all at once.</summary>
    /// <exception cref="Iceberg.CommitConflictException">Somebody wrote to a main branch meanwhile; nothing was moved.</exception>
    public async Task PublishAsync(IEnumerable<AuditedTable> tables, CancellationToken cancellationToken)
    {
        await using var together = lake.Catalog.NewMultiTableTransaction();
        foreach (var table in tables)
        {
            await together.On(table.Table).ManageSnapshots()
                .FastForwardBranch(SnapshotRef.Main, Name).RemoveBranch(Name).CommitAsync(cancellationToken);
        }

        await together.CommitAsync(cancellationToken);
    }
}
