using System.Globalization;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>What a table's current snapshot says about the source snapshots it was made from.</summary>
internal static class Watermark
{
    /// <summary>Snapshot property: the instant used as <c>updated_at</c> of every row the snapshot changed.</summary>
    public const string Stamp = "pvlake.updated-at";

    /// <summary>Snapshot property: the <see cref="Runs.Coverage"/> of a bronze table.</summary>
    public const string Coverage = "pvlake.coverage";

    /// <summary>Snapshot property: days of the network on which an incremental load asked for the newest days of a farm, lookback included.</summary>
    public const string Asked = "pvlake.asked";

    /// <summary>Snapshot property: the newest <c>ingested_at</c> of a bronze table.</summary>
    public const string ReceivedUpTo = "pvlake.ingested-up-to";

    /// <summary>Snapshot property: the archive's record of what a commit to a bronze table is made of.</summary>
    public const string Load = "pvlake.load";

    /// <summary>Snapshot property: the fingerprint of the model that made the rows.</summary>
    public const string Model = "pvlake.model";

    private const string ConsumedPrefix = "pvlake.consumed.";

    /// <summary>The property that tells which snapshot of a source was consumed.</summary>
    public static string Consumed(TableContract source) => ConsumedPrefix + source;

    /// <summary>How the properties begin: compaction carries them on, so that they outlive the snapshots that they were written to.</summary>
    public const string Prefix = "pvlake.";

    /// <summary>The snapshot whose rows another has: compaction changes none.</summary>
    public static long RowsOf(Snapshot snapshot) =>
        snapshot.Operation == SnapshotOperation.Replace && snapshot.Summary.TryGetValue(SummaryKeys.SameRowsAs, out var text)
            ? long.Parse(text, CultureInfo.InvariantCulture)
            : snapshot.SnapshotId;

    /// <summary>The newest ancestor of a snapshot that has the rows of a consumed one; null when that has expired or was rolled back.</summary>
    public static long? WithRowsOf(TableMetadata table, long head, long consumed) =>
        table.Ancestors(head).FirstOrDefault(snapshot => snapshot.SnapshotId == consumed || RowsOf(snapshot) == consumed)?.SnapshotId;

    /// <summary>
    /// What the newest snapshot that says anything about a property says; null when none does. Other programs make snapshots without our
    /// properties, and what was true before them still is.
    /// </summary>
    public static string? Of(TableMetadata table, Snapshot? head, string property)
    {
        for (var snapshot = head; snapshot is not null;
            snapshot = snapshot.ParentSnapshotId is { } parent ? table.FindSnapshot(parent) : null)
        {
            if (snapshot.Summary.TryGetValue(property, out var text))
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>The consumed snapshot of a source, null when the source was never read.</summary>
    public static long? ConsumedBy(TableMetadata table, Snapshot? head, TableContract source) =>
        Of(table, head, Consumed(source)) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>The properties for a commit that changes rows and has not yet consumed its sources.</summary>
    public static Dictionary<string, string> Stamped(DateTimeOffset stamp) =>
        new(StringComparer.Ordinal) { [Stamp] = stamp.ToString("O", CultureInfo.InvariantCulture) };

    /// <summary>The properties for a commit that consumed these snapshots.</summary>
    public static Dictionary<string, string> Properties(
        IEnumerable<(TableContract Source, long? SnapshotId)> consumed, string model, DateTimeOffset stamp)
    {
        var properties = Stamped(stamp);
        properties[Model] = model;
        foreach (var (source, snapshotId) in consumed)
        {
            if (snapshotId is { } id)
            {
                properties[Consumed(source)] = id.ToString(CultureInfo.InvariantCulture);
            }
        }

        return properties;
    }

    /// <summary>The earliest stamp of the snapshots that came after one and up to another; null when one of them has none.</summary>
    public static DateTimeOffset? EarliestStamp(TableMetadata source, long after, long upTo)
    {
        DateTimeOffset? earliest = null;
        for (var snapshot = source.FindSnapshot(upTo); snapshot is not null && snapshot.SnapshotId != after;
            snapshot = snapshot.ParentSnapshotId is { } parent ? source.FindSnapshot(parent) : null)
        {
            if (snapshot.Operation == SnapshotOperation.Replace)
            {
                // Compaction changes no row, and carries the stamp of an earlier change.
                continue;
            }

            if (!snapshot.Summary.TryGetValue(Stamp, out var text))
            {
                return null;
            }

            var stamp = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
            earliest = earliest is { } known && known < stamp ? known : stamp;
        }

        return earliest;
    }
}
