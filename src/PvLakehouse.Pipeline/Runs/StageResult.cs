namespace PvLakehouse.Pipeline.Runs;

/// <summary>What one load or model did.</summary>
/// <param name="Table">The table written, for example gold.dim_date.</param>
/// <param name="SnapshotId">The newest snapshot it committed; null when nothing new was written.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record StageResult(string Table, long? SnapshotId, TimeSpan Elapsed)
{
    /// <summary>Rows that are new.</summary>
    public long RowsInserted { get; init; }

    /// <summary>Rows whose values changed.</summary>
    public long RowsUpdated { get; init; }

    /// <summary>Rows that were looked at and found unchanged.</summary>
    public long RowsUnchanged { get; init; }

    /// <summary>Rows that are gone, because nothing they were made from is there any more.</summary>
    public long RowsDeleted { get; init; }

    /// <summary>What the stage did, for a stage that is not told by its rows.</summary>
    public string? Summary { get; init; }

    /// <summary>What the user should know: one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why the source could not be read to the end, one sentence; null when it was.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether the table is as it was.</summary>
    public bool NothingNew => Failure is null && (SnapshotId is null || RowsInserted + RowsUpdated + RowsDeleted == 0);
}
