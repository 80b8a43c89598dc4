namespace PvLakehouse.Pipeline.Runs;

/// <summary>What a bronze loader asks its source for.</summary>
public enum IngestMode
{
    /// <summary>The days of a given window that the lake does not have yet.</summary>
    Backfill,

    /// <summary>The days since the last load up to yesterday, at least yesterday.</summary>
    Incremental,
}

/// <summary>Which rows a silver or gold model computes.</summary>
public enum ModelMode
{
    /// <summary>All of them.</summary>
    Full,

    /// <summary>Those that new source rows touch.</summary>
    Incremental,
}

/// <summary>How a silver or gold model writes.</summary>
public enum LoadStrategy
{
    /// <summary>New and changed rows by key; unchanged rows stay untouched.</summary>
    Merge,

    /// <summary>The whole table is replaced in one commit; needs <see cref="ModelMode.Full"/>.</summary>
    Overwrite,
}
