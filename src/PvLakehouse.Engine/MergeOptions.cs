namespace PvLakehouse.Engine;

/// <summary>How <see cref="ISqlSession.MergeAsync"/> matches and compares rows.</summary>
public sealed record MergeOptions
{
    /// <summary>The columns that identify a row; at least one, never null in the source.</summary>
    public required IReadOnlyList<string> KeyColumns { get; init; }

    /// <summary>Columns set when a row is first inserted, such as <c>created_at</c>: kept when the row is replaced, never compared.</summary>
    public IReadOnlyList<string> InsertStampColumns { get; init; } = [];

    /// <summary>Columns set whenever a row is written, such as <c>updated_at</c>: taken from the source, never compared.</summary>
    public IReadOnlyList<string> UpdateStampColumns { get; init; } = [];

    /// <summary>
    /// A SQL predicate over the target's columns: rows for which it is true and whose key the source does not have are
    /// deleted. Null deletes nothing; <c>"true"</c> makes the target equal the source.
    /// </summary>
    public string? DeleteMissing { get; init; }

    /// <summary>What the commit records.</summary>
    public WriteOptions Write { get; init; } = WriteOptions.Default;
}
