using PvLakehouse.Engine.DuckDb.Reading.Projection;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading.Deletes;

/// <summary>The columns by which equality deletes find rows: also such that the table has no longer.</summary>
internal sealed class DeleteKeys
{
    private readonly List<SchemaField> _path = [];

    /// <exception cref="SqlEngineException">No schema of the table has the field, or it cannot be a key.</exception>
    public DeleteKeys(TableMetadata metadata, Schema schema, int id, string deleteFile)
    {
        var known = metadata.Schemas.OrderByDescending(s => s.SchemaId).Prepend(metadata.Schema).Prepend(schema)
            .FirstOrDefault(s => s.Find(id) is not null)
            ?? throw new SqlEngineException(
                $"The delete file '{deleteFile}' deletes by field {id}, which no schema of the table has.");
        SchemaField? Above(SchemaField field) => field.ParentId is { } parent ? known.Find(parent) : null;
        for (var field = known.Find(id); field is not null; field = Above(field))
        {
            _path.Insert(0, field);
        }

        var why = _path[^1] switch
        {
            { Repeated: true } => "it lies inside a list or map",
            { Type: not PrimitiveType } => "it is nested",
            { Type: PrimitiveType { Kind: TypeKind.TimestampTzNs } } => "DuckDB cannot tell its nanoseconds apart",
            _ => null,
        };
        if (why is not null)
        {
            throw new SqlEngineException(
                $"The delete file '{deleteFile}' deletes by field '{_path[^1].FullName}', which "
                + $"cannot be compared: {why}.");
        }
    }

    /// <summary>The id of the column that holds the field.</summary>
    public int ColumnId => _path[0].Id;

    /// <summary>Whether the field lies in a struct.</summary>
    public bool IsNested => _path.Count > 1;

    /// <summary>The full name of the field.</summary>
    public string FullName => _path[^1].FullName;

    /// <summary>SQL of what two rows must have in common, nulls included, to have the same key.</summary>
    /// <remarks>
    /// The reference implementation compares floats as Java's <c>Double.compare</c> does: not-a-number equals itself,
    /// as in DuckDB, but the two zeros differ, which they do not in DuckDB. So the sign of a zero is a value of its
    /// own.
    /// </remarks>
    /// <param name="column">SQL of the column that holds the field.</param>
    public IReadOnlyList<string> Of(string column)
    {
        var value = _path.Skip(1).Aggregate(
            column, (outer, field) => $"struct_extract({outer}, {SqlText.Literal(field.Field.Name)})");
        return _path[^1].Type is PrimitiveType { Kind: TypeKind.Float or TypeKind.Double }
            ? [value, $"(CASE WHEN {value} = 0 THEN signbit({value}) ELSE false END)"]
            : [value];
    }

    /// <summary>The columns that hold some keys, cut down to them.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="required">Whether a file without a key is an error.</param>
    /// <param name="prefix">What to begin the names of the columns with; the id follows.</param>
    public static IReadOnlyList<ReadTarget> Columns(IEnumerable<DeleteKeys> keys, bool required, string prefix) =>
    [
        .. keys.GroupBy(k => k.ColumnId).Select(group =>
        {
            var wanted = group.Select(k => k._path[^1].Id).ToHashSet();
            return new ReadTarget(Cut(group.First()._path[0].Field, wanted, required)!, NameOf(prefix, group.Key));
        }),
    ];

    /// <summary>The name of a column of <see cref="Columns"/>.</summary>
    public static string NameOf(string prefix, int columnId) => FormattableString.Invariant($"{prefix}{columnId}");

    private static NestedField? Cut(NestedField field, HashSet<int> wanted, bool required)
    {
        if (wanted.Contains(field.Id))
        {
            return field with { Required = required };
        }

        List<NestedField> kept = field.Type is StructType type
            ? [.. type.Fields.Select(f => Cut(f, wanted, required)).OfType<NestedField>()]
            : [];
        return kept.Count == 0 ? null : field with { Type = new StructType(kept), Required = required };
    }
}
