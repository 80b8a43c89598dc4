namespace PvLakehouse.Engine;

/// <summary>What a write records beside its rows.</summary>
public sealed record WriteOptions
{
    /// <summary>Nothing but the rows.</summary>
    public static WriteOptions Default { get; } = new();

    /// <summary>Entries for the snapshot's summary, for example a watermark.</summary>
    public IReadOnlyDictionary<string, string> SnapshotProperties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The branch to write to; null for the main one. One that does not exist starts from the main one.</summary>
    public string? Branch { get; init; }

    /// <summary>
    /// Commit a snapshot even if no row changed, so that <see cref="SnapshotProperties"/> advance; not when the
    /// current snapshot already carries exactly these properties.
    /// </summary>
    public bool CommitWhenEmpty { get; init; }
}
