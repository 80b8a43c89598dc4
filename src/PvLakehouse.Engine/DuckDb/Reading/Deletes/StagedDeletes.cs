namespace PvLakehouse.Engine.DuckDb.Reading.Deletes;

/// <summary>Deletes in tables of the session, which DuckDB spills when memory is short.</summary>
/// <param name="Positions">Table of deleted places (<c>file</c>, <c>position</c>); null when there are none.</param>
/// <param name="Keys">Tables of deleted keys.</param>
internal sealed record StagedDeletes(string? Positions, IReadOnlyList<StagedKeys> Keys)
{
    public static StagedDeletes None { get; } = new(null, []);

    /// <summary>The tables, to be dropped when the relation is no longer read.</summary>
    public IEnumerable<string> Tables => Keys.Select(k => k.Table).Concat(Positions is null ? [] : [Positions]);
}

/// <summary>Deleted keys of one set of columns (columns <c>k0</c>, <c>k1</c>..., <c>scope</c>, <c>age</c>).</summary>
/// <param name="Table">The table.</param>
/// <param name="Keys">SQL of the key columns over the columns that a data file is asked for.</param>
/// <param name="Everywhere">Whether the deletes apply to all partitions; otherwise <c>scope</c> tells to which.</param>
/// <param name="Oldest">The lowest sequence number of the deletes.</param>
internal sealed record StagedKeys(string Table, IReadOnlyList<string> Keys, bool Everywhere, long Oldest);
