namespace PvLakehouse.Engine;

/// <summary>What a write did.</summary>
/// <param name="SnapshotId">The snapshot that was committed; null when nothing changed and nothing was written.</param>
/// <param name="RowsInserted">Rows whose key was new, or all rows of an append or overwrite.</param>
/// <param name="RowsUpdated">Rows replaced by a merge.</param>
/// <param name="RowsDeleted">Rows removed and not replaced; for an overwrite, the rows that were there before, without those already deleted.</param>
/// <param name="RowsUnchanged">Source rows of a merge that the table already held.</param>
/// <param name="BytesWritten">Size of the new data files [bytes], unchanged rows that moved with them included.</param>
public sealed record WriteOutcome(
    long? SnapshotId, long RowsInserted, long RowsUpdated, long RowsDeleted, long RowsUnchanged, long BytesWritten)
{
    /// <summary>Nothing was written.</summary>
    public static WriteOutcome None { get; } = new(null, 0, 0, 0, 0, 0);

    /// <summary>Whether a snapshot was committed.</summary>
    public bool Committed => SnapshotId is not null;
}
