using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>Which snapshots and references of a table stay (spec: "Snapshot Retention Policy").</summary>
internal sealed record SnapshotRetention
{
    /// <summary>The time that ages are counted from.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>
    /// Snapshots from this instant on stay, where a branch has no age of its own; null asks the table.
    /// </summary>
    public DateTimeOffset? OlderThan { get; init; }

    /// <summary>Snapshots to keep of a branch that has no number of its own; null asks the table.</summary>
    public int? RetainLast { get; init; }

    /// <summary>Snapshots that go whatever their age.</summary>
    public IReadOnlyCollection<long> Ids { get; init; } = [];

    /// <exception cref="IcebergException">A snapshot that shall go is named by a reference that stays.</exception>
    public SnapshotExpiry Apply(TableMetadata table)
    {
        var now = Now.ToUnixTimeMilliseconds();
        var oldest = OlderThan?.ToUnixTimeMilliseconds()
            ?? now - TableProperties.Number(table.Properties, TableProperties.MaxSnapshotAgeMs, 432_000_000);
        var minimum = RetainLast
            ?? (int)Math.Clamp(TableProperties.Number(table.Properties, TableProperties.MinSnapshotsToKeep, 1), 1,
                int.MaxValue);
        var refs = table.Refs.Where(r => IsKept(table, r.Key, r.Value, now)).ToDictionary(StringComparer.Ordinal);
        Check(table, refs);

        var kept = new HashSet<long>();
        var named = new HashSet<long>();
        foreach (var reference in refs.Values)
        {
            kept.Add(reference.SnapshotId);
            named.Add(reference.SnapshotId);
            if (reference.Kind == SnapshotRefKind.Branch)
            {
                KeepOfBranch(table, reference, now, oldest, minimum, kept, named);
            }
        }

        // Nobody names these: what a rollback left behind, or a commit that is still to be published.
        kept.UnionWith(table.Snapshots.Where(s => !named.Contains(s.SnapshotId) && s.TimestampMs >= oldest).Select(
            s => s.SnapshotId));
        kept.ExceptWith(Ids);
        return new SnapshotExpiry(
            [.. table.Snapshots.Where(s => !kept.Contains(s.SnapshotId))],
            [.. table.Refs.Keys.Where(name => !refs.ContainsKey(name)).Order(StringComparer.Ordinal)]);
    }

    private static bool IsKept(TableMetadata table, string name, SnapshotRef reference, long now)
    {
        if (name == SnapshotRef.Main)
        {
            return true;
        }

        var most = reference.MaxRefAgeMs
            ?? TableProperties.Number(table.Properties, TableProperties.MaxRefAgeMs, long.MaxValue);
        return table.FindSnapshot(reference.SnapshotId) is { } snapshot && now - snapshot.TimestampMs <= most;
    }

    private static void KeepOfBranch(
        TableMetadata table, SnapshotRef branch, long now, long oldest, int minimum, HashSet<long> kept,
            HashSet<long> named)
    {
        var since = branch.MaxSnapshotAgeMs is { } age ? now - age : oldest;
        var least = branch.MinSnapshotsToKeep ?? minimum;
        var count = 0;
        var broken = false;
        foreach (var snapshot in table.Ancestors(branch.SnapshotId))
        {
            named.Add(snapshot.SnapshotId);

            // The first that goes ends the branch: history is kept without gaps.
            broken = broken || !(count < least || snapshot.TimestampMs >= since);
            if (!broken)
            {
                kept.Add(snapshot.SnapshotId);
                count++;
            }
        }
    }

    private void Check(TableMetadata table, Dictionary<string, SnapshotRef> refs)
    {
        foreach (var id in Ids)
        {
            if (table.FindSnapshot(id) is null)
            {
                throw new IcebergException(
                    $"Snapshot {id} cannot expire: the table has no such snapshot, or no longer.");
            }

            var names = refs.Where(r => r.Value.SnapshotId == id)
                .Select(r => $"'{r.Key}'").Order(StringComparer.Ordinal).ToList();
            if (names.Count > 0)
            {
                var all = string.Join(", ", names);
                throw new IcebergException(
                    $"Snapshot {id} cannot expire: it is named by {all}. Drop or move what names it first.");
            }
        }
    }
}

/// <summary>What a retention policy lets go.</summary>
/// <param name="Snapshots">Snapshots that go, in the order of the table.</param>
/// <param name="Refs">Branches and tags that go.</param>
internal sealed record SnapshotExpiry(IReadOnlyList<Snapshot> Snapshots, IReadOnlyList<string> Refs);
