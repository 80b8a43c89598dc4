using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>The part of one table in a commit.</summary>
/// <param name="Identifier">The table.</param>
/// <param name="Requirements">What must hold of it.</param>
/// <param name="Updates">What changes, in order.</param>
public sealed record TableCommit(
    TableIdentifier Identifier, IReadOnlyList<TableRequirement> Requirements, IReadOnlyList<TableUpdate> Updates);

/// <summary>What became of a commit to several tables: all of them changed, or none did, or it is not known.</summary>
public abstract record TablesCommitOutcome
{
    private TablesCommitOutcome()
    {
    }

    /// <summary>Every table changed.</summary>
    /// <param name="Tables">The results in the order of the commits.</param>
    public sealed record Committed(IReadOnlyList<Commit.CommitOutcome.Committed> Tables) : TablesCommitOutcome;

    /// <summary>
    /// No table changed: somebody else's commit came first. It may be tried again from the new state.
    /// </summary>
    /// <param name="Reason">A sentence that says which requirement failed.</param>
    public sealed record Conflict(string Reason) : TablesCommitOutcome;

    /// <summary>All tables changed or none did. Nothing that the commit refers to may be deleted.</summary>
    /// <param name="Reason">A sentence that says what went wrong.</param>
    /// <param name="Cause">The failure that hid the answer.</param>
    public sealed record Unknown(string Reason, Exception? Cause) : TablesCommitOutcome;
}
