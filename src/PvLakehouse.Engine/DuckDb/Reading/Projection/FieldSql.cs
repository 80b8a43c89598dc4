using PvLakehouse.Engine.DuckDb.Reading.Shapes;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading.Projection;

/// <summary>Makes a field of the table's type out of a field of a file, matching what lies below by id.</summary>
/// <param name="missing">What stands for a field that the file lacks; it throws when the field is required.</param>
/// <param name="namesBelow">Whether fields without ids are found by name.</param>
internal sealed class FieldSql(Func<NestedField, string, string> missing, bool namesBelow)
{
    private int _variables;

    /// <summary>
    /// Whether DuckDB's own cast from the file's type, which goes by name, gives the same as going by id.
    /// </summary>
    public bool IsPlain(IcebergType target, ParquetField source) => (target, source) switch
    {
        (_, { PulledUp: not null }) => false,
        (PrimitiveType { Kind: TypeKind.Unknown or TypeKind.Variant }, _) => false,
        (PrimitiveType primitive, { Kind: ParquetKind.Leaf }) => primitive.Kind switch
        {
            // DuckDB casts bytes to text by escaping them.
            TypeKind.String => source.Type is not "BLOB",
            TypeKind.Geometry or TypeKind.Geography => source.Type is "BLOB",
            _ => true,
        },
        (StructType type, { Kind: ParquetKind.Struct }) => type.Fields.All(f =>
            Find(source.Children, f) is { } child && child.Name.Equals(f.Name, StringComparison.Ordinal)
                && IsPlain(f.Type, child)),
        (ListType list, { Kind: ParquetKind.List }) => IsPlain(list.Element, source.Children[0]),
        (MapType map, { Kind: ParquetKind.Map }) => IsPlain(map.Key, source.Children[0])
            && IsPlain(map.Value, source.Children[1]),
        _ => false,
    };

    /// <summary>The expression of a field.</summary>
    /// <param name="target">The type wanted.</param>
    /// <param name="source">The field of the file.</param>
    /// <param name="value">SQL of the field's value.</param>
    /// <param name="name">Full name of the field, for messages.</param>
    /// <exception cref="SqlEngineException">The file holds something else than the table says.</exception>
    public string Of(IcebergType target, ParquetField source, string value, string name) => (target, source) switch
    {
        (StructType type, { PulledUp: { } only }) => Struct(type, [only], _ => value, value, name),
        (StructType type, { Kind: ParquetKind.Struct }) =>
            Struct(
                type, source.Children, child => $"struct_extract({value}, {SqlText.Literal(child.Name)})", value, name),
        (ListType list, { Kind: ParquetKind.List }) when IsPlain(target, source) => Cast(value, list),
        (ListType list, { Kind: ParquetKind.List }) => List(list, source.Children[0], value, name),
        (MapType map, { Kind: ParquetKind.Map }) when IsPlain(target, source) => Cast(value, map),
        (MapType map, { Kind: ParquetKind.Map }) => Map(map, source, value, name),
        (PrimitiveType { Kind: TypeKind.Unknown }, _) => Cast("NULL", target),
        (PrimitiveType { Kind: TypeKind.Variant }, _) => Variant(target, source, value, name),
        (PrimitiveType { Kind: TypeKind.String }, { Kind: ParquetKind.Leaf, Type: "BLOB" }) => $"decode({value})",
        (PrimitiveType { Kind: TypeKind.Geometry or TypeKind.Geography }, { Kind: ParquetKind.Leaf, Type: not "BLOB" }) =>
            $"CAST(ST_AsWKB({value}) AS BLOB)",
        (PrimitiveType, { Kind: ParquetKind.Leaf }) => Cast(value, target),
        _ => throw new SqlEngineException(
            $"Field '{name}' is a {target} in the table but a {Describe(source)} in the file."),
    };

    /// <summary>A variant as JSON.</summary>
    private static string Variant(IcebergType target, ParquetField source, string value, string name) => source switch
    {
        { Type: not "VARIANT" } => throw new SqlEngineException(
            $"Field '{name}' is a variant in the table but a {Describe(source)} in the file."),

        // The format allows to leave out the value when everything is shredded, but DuckDB breaks over it.
        { Children: not [{ Name: "metadata" }, { Name: "value" }, ..] } => throw new SqlEngineException(
            $"Field '{name}' is a variant made of {string.Join(", ", source.Children.Select(c => c.Name))}; DuckDB reads only such that begin "
            + "with metadata and value."),
        _ => Cast(value, target),
    };

    private string Struct(
        StructType type, IReadOnlyList<ParquetField> children, Func<ParquetField, string> access, string value,
        string name)
    {
        var fields = type.Fields.Select(f =>
        {
            var full = $"{name}.{f.Name}";
            var part = Find(children, f) is { } child ? Of(f.Type, child, access(child), full) : missing(f, full);
            return $"{SqlText.Name(f.Name)} := {part}";
        });
        return $"CASE WHEN {value} IS NULL THEN NULL ELSE struct_pack({SqlText.List(fields)}) END";
    }

    private string List(ListType list, ParquetField element, string value, string name)
    {
        var variable = Variable();
        return $"list_transform({value}, lambda {variable}: {Of(list.Element, element, variable, $"{name}.element")})";
    }

    private string Map(MapType map, ParquetField source, string value, string name)
    {
        var variable = Variable();
        var key = Of(map.Key, source.Children[0], $"{variable}.key", $"{name}.key");
        var item = Of(map.Value, source.Children[1], $"{variable}.value", $"{name}.value");
        return $"map_from_entries(list_transform(map_entries({value}), lambda {variable}: struct_pack(\"key\" := {key}, \"value\" := {item})))";
    }

    private ParquetField? Find(IReadOnlyList<ParquetField> children, NestedField field) =>
        children.FirstOrDefault(c => c.Id == field.Id)
        ?? (namesBelow
            ? children.FirstOrDefault(c => c.Id is null && c.Name.Equals(field.Name, StringComparison.Ordinal))
            : null);

    private string Variable() => FormattableString.Invariant($"x{_variables++}");

    private static string Cast(string value, IcebergType type) => $"CAST({value} AS {DuckDbTypes.Of(type)})";

    private static string Describe(ParquetField source) => source.Kind switch
    {
        ParquetKind.Leaf => source.Type,
        ParquetKind.Struct => "struct",
        ParquetKind.List => "list",
        _ => "map",
    };
}
