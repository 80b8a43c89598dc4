using System.Collections.Concurrent;

namespace PvLakehouse.Pipeline.Sources.Drift;

/// <summary>Collects where answers depart from their contract, each place once.</summary>
public sealed class DriftLog
{
    private readonly ConcurrentDictionary<(string Source, string Path, DriftKind Kind), SchemaDrift> _all = new();

    /// <summary>What was seen so far.</summary>
    public IReadOnlyList<SchemaDrift> All =>
    [
        .. _all.Values.OrderBy(drift => drift.Source, StringComparer.Ordinal).ThenBy(drift => drift.Path, StringComparer.Ordinal)
            .ThenBy(drift => drift.Kind),
    ];

    /// <summary>Notes what was seen; the first of its place stays.</summary>
    internal void Add(SchemaDrift drift) => _all.TryAdd((drift.Source, drift.Path, drift.Kind), drift);
}

/// <summary>What the reader of one body notes.</summary>
/// <param name="source">The endpoint.</param>
internal sealed class BodyDrift(string source)
{
    private readonly Dictionary<(string Path, DriftKind Kind), SchemaDrift> _all = [];

    /// <summary>Whether a place was noted already, so that its description need not be made again.</summary>
    public bool Has(string path, DriftKind kind) => _all.ContainsKey((path, kind));

    public void Add(string path, DriftKind kind, string expected, string found, string? sample) =>
        _all.TryAdd((path, kind), new(source, path, kind) { Expected = expected, Found = found, Sample = sample });

    /// <summary>Passes on what was noted, once the body has proved to be readable.</summary>
    public void MoveTo(DriftLog? log)
    {
        foreach (var drift in _all.Values)
        {
            log?.Add(drift);
        }
    }
}
