using PvLakehouse.Engine.DuckDb.Reading.Shapes;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading.Projection;

/// <summary>Decides for each file how it gives the columns that are wanted (spec: "Column Projection").</summary>
/// <remarks>
/// Columns are found by field id. A column that a file lacks has the value of its identity partition, else its initial
/// default, else null. Files without any ids are understood by the table's name mapping, or by the places of their
/// columns when there is none.
/// </remarks>
/// <param name="targets">The columns wanted.</param>
/// <param name="mapping">The table's name mapping; null when it has none.</param>
/// <param name="mappingHides">
/// Whether a required column that the mapping leaves out is null, as other readers have it; otherwise it is an error.
/// </param>
internal sealed class FilePlanner(IReadOnlyList<ReadTarget> targets, NameMapping? mapping, bool mappingHides)
{
    private readonly int[] _required = [.. targets.Where(t => t.Field.Required).Select(t => t.Field.Id)];
    private FilePlan? _byId;

    /// <summary>Whether the shape of every file must be known.</summary>
    public bool NeedsEveryShape { get; } = mapping is not null || targets.Any(t => NeedsShape(t.Field));

    /// <summary>The plan of files that have ids and all columns which could have another value than null.</summary>
    public FilePlan ById => _byId ??= new FilePlan([.. targets.Select(t =>
        new ColumnPlan(
            new RawColumn(FormattableString.Invariant($"{t.Field.Id}"), DuckDbTypes.Of(t.Field.Type)), null))]);

    /// <summary>
    /// Whether the counts of a file leave out a column of its partition, which writers may leave out of files, or a
    /// required column, which would be read as null if the file lacked it.
    /// </summary>
    public bool NeedsShape(DataFile file, PartitionSpec spec) =>
        _required.Any(id => !IsCounted(file, id))
        || targets.Any(t => ConstantOf(t.Field, spec) is not null && !IsCounted(file, t.Field.Id));

    /// <summary>
    /// Whether a file is read by another plan than <see cref="ById"/> or not at all, so that others of its writer may
    /// be too.
    /// </summary>
    public bool IsSpecial(FileShape shape, PartitionSpec spec) =>
        !shape.IsReadById || _required.Any(id => Lacks(shape, id))
        || targets.Any(t => ConstantOf(t.Field, spec) is not null && Lacks(shape, t.Field.Id))

        || targets.Any(t => t.Field.Type.Kind is TypeKind.String
            && shape.Columns.Any(c => c.Id == t.Field.Id && c.Type is "BLOB"));

    /// <summary>The plan of a file by its shape.</summary>
    /// <exception cref="SqlEngineException">
    /// A required column is not in the file, or a column is something else than the table says.
    /// </exception>
    public FilePlan For(DataFile file, PartitionSpec spec, FileShape shape)
    {
        var resolved = shape.HasIds ? shape : mapping is not null ? shape.Mapped(mapping) : shape.Numbered();
        try
        {
            var hides = mappingHides && !shape.HasIds && mapping is not null;
            List<ColumnPlan> columns = [.. targets.Select(
                t => Column(t.Field, spec, resolved, shape.IsReadById, hides))];
            return new FilePlan(
                columns, columns.TrueForAll(c => c.Expression is null) && IsAsWanted(shape) ? shape : null);
        }
        catch (SqlEngineException error)
        {
            throw new SqlEngineException(
                $"The data file '{file.FilePath}' cannot be read as the table asks. {error.Message}", error);
        }
    }

    /// <summary>
    /// Whether a file has the columns that are wanted by just their ids, names and types, and no name that DuckDB would
    /// change.
    /// </summary>
    private bool IsAsWanted(FileShape shape) => shape.IsReadById
        && shape.Columns.Select(c => c.Name).Concat(ReadCall.Virtual).Distinct(StringComparer.OrdinalIgnoreCase).Count()
            == shape.Columns.Count + ReadCall.Virtual.Count
        && targets.All(t => shape.Columns.Any(c => c.Id == t.Field.Id
            && c.Name.Equals(t.Name, StringComparison.Ordinal)
            && c.Type.Replace(" ", "", StringComparison.Ordinal).Equals(
                DuckDbTypes.Of(t.Field.Type).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal)));

    private static ColumnPlan Column(NestedField target, PartitionSpec spec, FileShape shape, bool byId, bool hides)
    {
        string Missing(NestedField field, string name) =>
            WithoutColumn(hides ? field with { Required = false } : field, spec, name);
        if (shape.Columns.FirstOrDefault(c => c.Id == target.Id) is not { } source)
        {
            return new ColumnPlan(null, Missing(target, target.Name));
        }

        var sql = new FieldSql(Missing, shape.NamesBelow);
        var key = byId ? FormattableString.Invariant($"{target.Id}") : SqlText.Literal(source.Name);
        return sql.IsPlain(target.Type, source)
            ? new ColumnPlan(new RawColumn(key, DuckDbTypes.Of(target.Type)), null)
            : new ColumnPlan(new RawColumn(key, source.Type), sql.Of(target.Type, source, ColumnPlan.Raw, target.Name));
    }

    private static string WithoutColumn(NestedField field, PartitionSpec spec, string name)
    {
        var type = DuckDbTypes.Of(field.Type);
        if (ConstantOf(field, spec) is { } position)
        {
            return $"CAST({ColumnPlan.PartitionValue(position)} AS {type})";
        }

        if (field.InitialDefault is { } value)
        {
            return $"CAST({LiteralSql.Of(value)} AS {type})";
        }

        if (field.NestedInitialDefault is { } nested)
        {
            return NestedDefault(field, nested, spec, name);
        }

        return field.Required
            ? throw new SqlEngineException($"It lacks the column '{name}', which is required and has no default.")
            : $"CAST(NULL AS {type})";
    }

    /// <summary>
    /// Defaults below the top: a struct that is there, with the defaults of its fields, or an empty list or map.
    /// </summary>
    private static string NestedDefault(NestedField field, string json, PartitionSpec spec, string name)
    {
        var empty = json.Where(c => !char.IsWhiteSpace(c)).ToArray().AsSpan().SequenceEqual("{}");
        return (field.Type, empty) switch
        {
            (StructType type, true) => $"struct_pack({SqlText.List(type.Fields.Select(f =>
                $"{SqlText.Name(f.Name)} := {WithoutColumn(f, spec, $"{name}.{f.Name}")}"))})",
            _ => throw new SqlEngineException(
                $"It lacks the column '{name}', whose default is {json}; of nested columns only the default {{}} of structs can be read."),
        };
    }

    /// <summary>The place in the partition of a field that every row of a file shares.</summary>
    private static int? ConstantOf(NestedField field, PartitionSpec spec)
    {
        foreach (var (position, partition) in spec.Fields.Index())
        {
            if (partition.SourceId == field.Id && partition.Transform.Kind == TransformKind.Identity)
            {
                return position;
            }
        }

        return null;
    }

    private static bool Lacks(FileShape shape, int id) => shape.Columns.All(c => c.Id != id);

    /// <summary>Whether the manifest has counts of a column, which it has only of columns in the file.</summary>
    private static bool IsCounted(DataFile file, int id) =>
        file.Metrics.ValueCounts.TryGetValue(id, out _) || file.Metrics.ColumnSizes.TryGetValue(id, out _);

    /// <summary>
    /// Whether DuckDB alone cannot give a column: structs go by name, defaults are not null, and some types are made.
    /// </summary>
    private static bool NeedsShape(NestedField field) =>
        field.InitialDefault is not null || field.NestedInitialDefault is not null || NeedsShape(field.Type);

    private static bool NeedsShape(IcebergType type) => type switch
    {
        StructType => true,
        ListType list => NeedsShape(list.Element),
        MapType map => NeedsShape(map.Key) || NeedsShape(map.Value),
        _ => type.Kind is TypeKind.Unknown or TypeKind.Variant or TypeKind.Geometry or TypeKind.Geography,
    };
}
