using PvLakehouse.Iceberg.Reporting;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Where commits get time and randomness from, so that tests can choose both.</summary>
/// <param name="Time">Clock of snapshots and waits.</param>
/// <param name="Ids">Source of snapshot ids, uuids and jitter.</param>
public sealed record CommitContext(TimeProvider Time, IdSource Ids)
{
    /// <summary>Is told what was done; null for nobody. A catalog fills it in.</summary>
    internal IMetricsReporter? Reporter { get; init; }

    /// <summary>The clock of the system and cryptographically random ids.</summary>
    public static CommitContext System { get; } = new(TimeProvider.System, new IdSource());
}
