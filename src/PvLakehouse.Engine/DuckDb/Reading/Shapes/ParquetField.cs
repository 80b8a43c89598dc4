namespace PvLakehouse.Engine.DuckDb.Reading.Shapes;

/// <summary>What DuckDB makes of a field of a Parquet file.</summary>
internal enum ParquetKind
{
    /// <summary>A value.</summary>
    Leaf,

    /// <summary>Named fields.</summary>
    Struct,

    /// <summary>One child: the element.</summary>
    List,

    /// <summary>Two children: key and value.</summary>
    Map,
}

/// <summary>A field of a Parquet file, as DuckDB shows it.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Id">Its field id; null when the file gives none.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Type">DuckDB's type of a leaf and of a whole column; empty for fields between.</param>
/// <param name="Children">What lies below it.</param>
internal sealed record ParquetField(
    string Name, int? Id, ParquetKind Kind, string Type, IReadOnlyList<ParquetField> Children)
{
    /// <summary>
    /// The single field of a repeated group, which DuckDB pulls up into the place of the group; null for others.
    /// </summary>
    public ParquetField? PulledUp { get; init; }

    /// <summary>Whether it is a list whose repeated field is the element, as old writers made them.</summary>
    public bool IsTwoLevels { get; init; }

    /// <summary>Whether this field or one below is a list of two levels.</summary>
    public bool HasTwoLevels => IsTwoLevels || PulledUp is { HasTwoLevels: true } || Children.Any(c => c.HasTwoLevels);

    /// <summary>Whether this field or one below has an id.</summary>
    public bool HasIds => Id is not null || PulledUp is { HasIds: true } || Children.Any(c => c.HasIds);
}
