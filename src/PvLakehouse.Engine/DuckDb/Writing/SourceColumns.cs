using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>Matches the columns of a SELECT to those of a table, by name.</summary>
internal static class SourceColumns
{
    /// <summary>A SELECT with exactly the table's columns, in its order and types.</summary>
    /// <param name="table">Name of the table, for messages.</param>
    /// <param name="schema">Columns of the table.</param>
    /// <param name="source">Columns of the SELECT.</param>
    /// <param name="from">What the SELECT's rows come from, in parentheses.</param>
    /// <exception cref="SqlEngineException">A column is unknown, doubled, missing though required, or has no safe conversion.</exception>
    public static string Bind(string table, Schema schema, IReadOnlyList<SqlColumn> source, string from)
    {
        var byName = new Dictionary<string, SqlColumn>(StringComparer.OrdinalIgnoreCase);
        foreach (var column in source)
        {
            if (!byName.TryAdd(column.Name, column))
            {
                throw new SqlEngineException($"The SELECT for table {table} has two columns named '{column.Name}'; name each column once.");
            }

            if (!schema.Columns.Any(c => c.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase)))
            {
                throw new SqlEngineException(
                    $"The SELECT has a column '{column.Name}' that table {table} does not have; it has {string.Join(", ", schema.Columns.Select(c => c.Name))}.");
            }
        }

        return $"SELECT {SqlText.List(schema.Columns.Select(c => Column(table, c, byName.GetValueOrDefault(c.Name))))} FROM {from}";
    }

    public static string NullInRequired(string table, string column) =>
        $"Column '{column}' of the SELECT is null in some row, but table {table} requires a value.";

    private static string Column(string table, NestedField column, SqlColumn? source)
    {
        CheckWritable(table, column.Name, column.Type);
        var value = source is null ? Missing(table, column) : Value(table, column, SqlText.Name(source.Name), source.Type);
        return $"{value} AS {SqlText.Name(column.Name)}";
    }

    /// <summary>The value of a column that gets none.</summary>
    /// <exception cref="SqlEngineException">The column must have a value.</exception>
    public static string Missing(string table, NestedField column) => column.Required
        ? throw new SqlEngineException($"The SELECT lacks the column '{column.Name}', which table {table} requires.")
        : $"CAST(NULL AS {DuckDbTypes.Of(column.Type)})";

    /// <summary>An expression in the type of a column; what does not fit is an error, never cut.</summary>
    /// <param name="table">Name of the table, for messages.</param>
    /// <param name="column">The column.</param>
    /// <param name="expression">The expression in SQL.</param>
    /// <param name="type">Its type in DuckDB.</param>
    /// <exception cref="SqlEngineException">There is no safe conversion.</exception>
    public static string Value(string table, NestedField column, string expression, string type)
    {
        CheckWritable(table, column.Name, column.Type);
        CheckClock(table, column, type);
        var value = $"CAST({expression} AS {DuckDbTypes.Of(column.Type)})";
        if (column.Type.Kind is TypeKind.Int or TypeKind.Long && IsFractional(type))
        {
            // A cast would round.
            var fraction = SqlText.Literal($"Column '{column.Name}' of table {table} holds whole numbers, and a value has a fraction; round it in the statement.");
            value = $"CASE WHEN {expression} <> trunc({expression}) THEN error({fraction}) ELSE {value} END";
        }

        if (column is { Required: true, Type: not PrimitiveType })
        {
            // Parquet statistics count nulls of primitive columns only.
            var message = SqlText.Literal(NullInRequired(table, column.Name));
            value = $"CASE WHEN {expression} IS NULL THEN error({message}) ELSE {value} END";
        }

        return value;
    }

    private static bool IsFractional(string type) =>
        type is "DOUBLE" or "FLOAT" || (type.StartsWith("DECIMAL(", StringComparison.Ordinal) && !type.EndsWith(",0)", StringComparison.Ordinal));

    /// <summary>A wall clock does not become an instant by accident: that is how hours get lost at the ends of summer time.</summary>
    private static void CheckClock(string table, NestedField column, string type)
    {
        var hint = (type, (column.Type as PrimitiveType)?.Kind) switch
        {
            ("TIMESTAMP", TypeKind.TimestampTz) => "a wall clock without zone, but the table holds instants; say which zone it is in with AT TIME ZONE",
            ("TIMESTAMP WITH TIME ZONE", TypeKind.Timestamp) => "an instant, but the table holds a wall clock; say of which zone with AT TIME ZONE",
            _ => null,
        };
        if (hint is not null)
        {
            throw new SqlEngineException($"Column '{column.Name}' of the SELECT for table {table} is {hint}.");
        }
    }

    private static void CheckWritable(string table, string name, IcebergType type)
    {
        switch (type)
        {
            case PrimitiveType
            {
                Kind: TypeKind.Fixed or TypeKind.TimestampNs or TypeKind.TimestampTzNs
                    or TypeKind.Unknown or TypeKind.Variant or TypeKind.Geometry or TypeKind.Geography,
            }:
                throw new SqlEngineException($"Column '{name}' of table {table} has the type {type}, which DuckDB cannot write as Iceberg asks.");
            case StructType fields:
                foreach (var field in fields.Fields)
                {
                    CheckWritable(table, $"{name}.{field.Name}", field.Type);
                }

                break;
            case ListType list:
                CheckWritable(table, $"{name}.element", list.Element);
                break;
            case MapType map:
                CheckWritable(table, $"{name}.key", map.Key);
                CheckWritable(table, $"{name}.value", map.Value);
                break;
            default:
                break;
        }
    }
}
