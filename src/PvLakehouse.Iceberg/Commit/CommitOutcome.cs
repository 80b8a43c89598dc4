using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// What became of a commit. There are three answers, and mixing up the last two loses or doubles rows.
/// </summary>
public abstract record CommitOutcome
{
    private CommitOutcome()
    {
    }

    /// <summary>The commit happened.</summary>
    /// <param name="Metadata">The table's metadata after it.</param>
    /// <param name="MetadataLocation">The metadata file that is current now.</param>
    public sealed record Committed(TableMetadata Metadata, string MetadataLocation) : CommitOutcome;

    /// <summary>
    /// The commit certainly did not happen: somebody else's came first. It may be tried again from the new state.
    /// </summary>
    /// <param name="Reason">A sentence that says which requirement failed.</param>
    public sealed record Conflict(string Reason) : CommitOutcome;

    /// <summary>The commit may have happened. Nothing that it refers to may be deleted.</summary>
    /// <param name="Reason">A sentence that says what went wrong.</param>
    /// <param name="Cause">The failure that hid the answer.</param>
    public sealed record Unknown(string Reason, Exception? Cause) : CommitOutcome;
}
