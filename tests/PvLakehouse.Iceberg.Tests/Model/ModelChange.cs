using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Tests.Model;

/// <summary>An operation that makes a snapshot, and what it does to what a branch holds.</summary>
/// <param name="Name">What it is, for messages.</param>
/// <param name="Run">Does it.</param>
/// <param name="Apply">What the branch holds after it; null when it must be refused.</param>
internal sealed record ModelChange(
    string Name, Func<WritableTable, Task<Snapshot>> Run, Func<ModelState, ModelState?> Apply)
{
    /// <summary>Whether it deletes rows of files that stay.</summary>
    public bool DeletesRows { get; init; }

    /// <summary>Whether it may be refused because others deleted rows meanwhile, whatever rows these were.</summary>
    public bool MindsDeletes { get; init; }

    /// <summary>Whether it replaces partitions, so that it can be done again elsewhere.</summary>
    public bool ReplacesPartitions { get; init; }
}
