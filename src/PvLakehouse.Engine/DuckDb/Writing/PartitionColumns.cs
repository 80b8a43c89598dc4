using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>The partition tuple of a table as extra columns of what is written.</summary>
internal sealed class PartitionColumns
{
    private readonly List<(PartitionField Field, PrimitiveType Source, string Alias, string Sql)> _columns = [];

    /// <exception cref="SqlEngineException">A transform cannot be written.</exception>
    public PartitionColumns(Schema schema, PartitionSpec spec)
    {
        foreach (var (index, field) in spec.Fields.Index())
        {
            var source = schema.Find(field.SourceId);
            if (source is not { ParentId: null, Type: PrimitiveType type })
            {
                throw new SqlEngineException(
                    $"The table is partitioned by '{field.Name}', whose source is no top-level column; such tables cannot be written.");
            }

            var alias = FormattableString.Invariant($"__partition_{index}");
            _columns.Add((field, type, alias, TransformSql.Of(field.Transform, type, SqlText.Name(source.FullName))));
        }
    }

    public bool IsEmpty => _columns.Count == 0;

    /// <summary>Names of the extra columns.</summary>
    public IReadOnlyList<string> Names => [.. _columns.Select(c => c.Alias)];

    /// <summary>Expressions of the extra columns with their names.</summary>
    public IReadOnlyList<string> Expressions => [.. _columns.Select(c => $"{c.Sql} AS {c.Alias}")];

    /// <summary>Reads the tuple from the values printed as text, in the order of the columns.</summary>
    /// <exception cref="SqlEngineException">A value is outside what Iceberg and .NET can hold.</exception>
    public PartitionValues Read(IReadOnlyList<string?> texts)
    {
        var values = new List<Literal?>(_columns.Count);
        foreach (var (index, (field, source, _, _)) in _columns.Index())
        {
            var text = texts[index];
            values.Add(text is null ? null : TransformSql.Read(field.Transform, source, text) ?? throw new SqlEngineException(
                $"The partition value '{text}' of '{field.Name}' is no {field.Transform.ResultType(source)}; such rows cannot be written."));
        }

        return new PartitionValues(values);
    }
}
