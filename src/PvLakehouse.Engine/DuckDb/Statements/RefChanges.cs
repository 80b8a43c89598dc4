using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>Makes, moves and removes branches and tags.</summary>
internal static class RefChanges
{
    /// <returns>What happened, as a sentence.</returns>
    public static async Task<string> CreateAsync(Table table, AlterAction.CreateRef change, CancellationToken cancellationToken)
    {
        var what = change.IsBranch ? "branch" : "tag";
        table.Metadata.Refs.TryGetValue(change.Name, out var there);
        switch (change.Creation, there)
        {
            case (RefCreation.IfNotExists, not null):
                return $"Table {table.Identifier} has a {Kind(there)} '{change.Name}' already.";
            case (RefCreation.Create, not null):
                throw new SqlEngineException($"Table {table.Identifier} has a {Kind(there)} '{change.Name}' already.");
            case (RefCreation.Replace, null):
                throw new SqlEngineException($"Table {table.Identifier} has no {what} '{change.Name}' to replace.");
            case (_, not null) when Kind(there) != what:
                throw new SqlEngineException($"'{change.Name}' is a {Kind(there)} of {table.Identifier}, not a {what}.");
            default:
                break;
        }

        var snapshot = change.SnapshotId ?? table.CurrentSnapshot?.SnapshotId
            ?? throw new SqlEngineException($"Table {table.Identifier} has no snapshot yet that a {what} could name.");
        var retention = change.Retention;
        var reference = new SnapshotRef(snapshot, change.IsBranch ? SnapshotRefKind.Branch : SnapshotRefKind.Tag)
        {
            MaxRefAgeMs = Milliseconds(retention.MaxRefAge) ?? there?.MaxRefAgeMs,
            MinSnapshotsToKeep = retention.MinSnapshots ?? there?.MinSnapshotsToKeep,
            MaxSnapshotAgeMs = Milliseconds(retention.MaxSnapshotAge) ?? there?.MaxSnapshotAgeMs,
        };
        await table.UpdateAsync(b => b.SetRef(change.Name, reference), cancellationToken);
        return FormattableString.Invariant($"{(change.IsBranch ? "Branch" : "Tag")} '{change.Name}' of {table.Identifier} names snapshot {snapshot}.");
    }

    /// <returns>What happened, as a sentence.</returns>
    public static async Task<string> DropAsync(Table table, AlterAction.DropRef change, CancellationToken cancellationToken)
    {
        var what = change.IsBranch ? "branch" : "tag";
        if (!table.Metadata.Refs.TryGetValue(change.Name, out var there) || Kind(there) != what)
        {
            return change.IfExists
                ? $"Table {table.Identifier} has no {what} '{change.Name}'."
                : throw new SqlEngineException($"Table {table.Identifier} has no {what} '{change.Name}'.");
        }

        if (change.Name == SnapshotRef.Main)
        {
            throw new SqlEngineException($"The main branch of {table.Identifier} cannot be dropped.");
        }

        await table.UpdateAsync(b => b.RemoveRef(change.Name), cancellationToken);
        return $"The {what} '{change.Name}' of {table.Identifier} is dropped.";
    }

    private static string Kind(SnapshotRef reference) => reference.Kind == SnapshotRefKind.Branch ? "branch" : "tag";

    private static long? Milliseconds(TimeSpan? age) => age is { } a ? (long)a.TotalMilliseconds : null;
}
