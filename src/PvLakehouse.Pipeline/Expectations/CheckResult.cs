using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Expectations;

/// <summary>What one check found.</summary>
/// <param name="Table">The table.</param>
/// <param name="Check">The expectation's name, or a quality rule's.</param>
/// <param name="Status">What came of it.</param>
/// <param name="Violations">Rows, keys or farms that break it, 0 or more.</param>
/// <param name="RowsChecked">Rows that were looked at.</param>
/// <param name="Sample">One of the violations, null when there is none.</param>
public sealed record CheckResult(
    TableContract Table, string Check, CheckStatus Status, long Violations, long RowsChecked, string? Sample)
{
    /// <summary>First hour that was looked at; null when the whole table was.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Last hour that was looked at; null when the whole table was.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The table's snapshot, null for a table without rows.</summary>
    public long? SnapshotId { get; init; }
}
