using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading.Shapes;

/// <summary>The columns of a Parquet file; the same object for all files that have the same.</summary>
/// <param name="Columns">The top-level columns in order.</param>
internal sealed record FileShape(IReadOnlyList<ParquetField> Columns)
{
    /// <summary>Whether any field has an id; if none has, names or places decide.</summary>
    public bool HasIds { get; } = Columns.Any(c => c.HasIds);

    /// <summary>
    /// Whether DuckDB can be asked for the columns by their ids: of lists of two levels it forgets them and would give
    /// nulls.
    /// </summary>
    public bool IsReadById { get; } = Columns.Any(c => c.HasIds) && !Columns.Any(c => c.HasTwoLevels);

    /// <summary>Whether fields below the columns are found by name because nothing gives them ids.</summary>
    public bool NamesBelow { get; private init; }

    /// <summary>The columns with ids from a name mapping.</summary>
    public FileShape Mapped(NameMapping mapping) => this with { Columns = [.. Columns.Select(c => Map(c, mapping))] };

    /// <summary>
    /// The columns numbered from 1: the last resort of the reference implementation for files without ids and tables
    /// without mapping.
    /// </summary>
    public FileShape Numbered() =>
        this with { Columns = [.. Columns.Select((c, i) => c with { Id = i + 1 })], NamesBelow = true };

    private static ParquetField Map(ParquetField field, NameMapping level, string? name = null)
    {
        var mapped = level.Find(name ?? field.Name);
        var below = mapped?.Children ?? NameMapping.Empty;
        return field with
        {
            Id = mapped?.FieldId,
            PulledUp = field.PulledUp is { } only ? Map(only, below) : null,
            Children = field.Kind switch
            {
                ParquetKind.List => [Map(field.Children[0], below, "element")],
                ParquetKind.Map => [Map(field.Children[0], below, "key"), Map(field.Children[1], below, "value")],
                _ => [.. field.Children.Select(c => Map(c, below))],
            },
        };
    }
}
