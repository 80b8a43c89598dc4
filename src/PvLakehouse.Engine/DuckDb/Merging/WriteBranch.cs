using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;

namespace PvLakehouse.Engine.DuckDb.Merging;

/// <summary>The branch that a write goes to.</summary>
internal static class WriteBranch
{
    /// <summary>The rows that are there before a write to a branch; one that does not exist yet starts from the main one.</summary>
    /// <exception cref="SqlEngineException">The name is that of a tag.</exception>
    public static TableScan Scan(Table table, string? branch)
    {
        if (branch is null || !table.Metadata.Refs.TryGetValue(branch, out var reference))
        {
            return table.NewScan();
        }

        return reference.Kind == SnapshotRefKind.Branch
            ? table.NewScan().UseRef(branch)
            : throw new SqlEngineException($"'{branch}' is a tag of {table.Identifier}, and tags cannot be written to; expected a branch.");
    }
}
