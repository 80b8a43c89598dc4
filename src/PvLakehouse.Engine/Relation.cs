using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;

namespace PvLakehouse.Engine;

/// <summary>Rows of a table that <see cref="ISqlSession.BindAsync"/> can give a name.</summary>
public abstract record Relation
{
    private protected Relation()
    {
    }
}

/// <summary>A table as one snapshot shows it.</summary>
/// <param name="Table">The table.</param>
/// <param name="SnapshotId">The snapshot; null for the current one (no rows when the table has none).</param>
public sealed record TableAt(TableIdentifier Table, long? SnapshotId = null) : Relation
{
    /// <summary>
    /// Which rows are wanted: data files that cannot hold any are left out. Files select, not rows: others may still be
    /// among those that are read. Null reads every file.
    /// </summary>
    public Expression? Filter { get; init; }
}

/// <summary>The rows of the data files that snapshots added, each file once.</summary>
/// <remarks>
/// Files added by <c>replace</c> snapshots (compaction) are left out: they bring no new rows. Rows that an
/// <c>overwrite</c> carried over unchanged into a new file count as added.
/// </remarks>
/// <param name="Table">The table.</param>
/// <param name="AfterSnapshotId">The last snapshot whose rows are not wanted; null starts at the first snapshot.</param>
/// <param name="UpToSnapshotId">The last snapshot whose rows are wanted.</param>
public sealed record AddedBetween(TableIdentifier Table, long? AfterSnapshotId, long UpToSnapshotId) : Relation;
