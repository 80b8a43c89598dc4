namespace PvLakehouse.Iceberg.Catalog;

/// <summary>What became of an attempt to make another metadata file the current one.</summary>
public enum SwapOutcome
{
    /// <summary>The new file is current.</summary>
    Swapped,

    /// <summary>The expected file is not current any more, or the table is there already; nothing changed.</summary>
    Lost,

    /// <summary>The catalog failed in a way that leaves the outcome open.</summary>
    Unknown,
}
