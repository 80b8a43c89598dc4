using System.Globalization;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>Changes of a table's partitioning. Only files written later follow them.</summary>
internal static class PartitionChanges
{
    /// <summary>The column of that full name, without regard to case.</summary>
    /// <exception cref="SqlEngineException">There is no such column.</exception>
    public static SchemaField Column(Schema schema, string name) => schema.Find(name, caseSensitive: false)
        ?? throw new SqlEngineException($"There is no column '{name}'; there are {string.Join(", ", schema.AllFields.Select(f => f.FullName))}.");

    /// <summary>Replaces the whole partitioning.</summary>
    public static Task SetAsync(WritableTable table, IReadOnlyList<Term> terms, CancellationToken cancellationToken) =>
        CommitAsync(table, _ => NewColumns.Spec(table.Schema, terms).Fields, cancellationToken);

    /// <summary>Adds a field behind the others.</summary>
    public static Task AddAsync(WritableTable table, Term term, string? name, CancellationToken cancellationToken) =>
        CommitAsync(table, fields => [.. fields, New(table, fields, term, name)], cancellationToken);

    /// <summary>Removes a field.</summary>
    public static Task DropAsync(WritableTable table, Term? term, string? name, CancellationToken cancellationToken) =>
        CommitAsync(table, fields =>
        {
            var old = Find(table, fields, term, name);
            return [.. fields.Where(f => f != old)];
        }, cancellationToken);

    /// <summary>Puts a field in the place of another.</summary>
    public static Task ReplaceAsync(WritableTable table, AlterAction.ReplacePartitionField change, CancellationToken cancellationToken) =>
        CommitAsync(table, fields =>
        {
            var old = Find(table, fields, change.Term, change.Name);
            var others = fields.Where(f => f != old).ToList();
            var added = New(table, others, change.With, change.WithName);
            return [.. fields.Select(f => f == old ? added : f)];
        }, cancellationToken);

    private static Task CommitAsync(
        WritableTable table, Func<IReadOnlyList<PartitionField>, IReadOnlyList<PartitionField>> change, CancellationToken cancellationToken)
    {
        if (table.Metadata.FormatVersion < 2)
        {
            throw new SqlEngineException(
                $"Table {table.Identifier} has format version {table.Metadata.FormatVersion}, whose partition fields cannot be removed; set its property 'format-version' to '2' first.");
        }

        return table.UpdateAsync(
            b => b.AddSpec(new PartitionSpec(0, change([.. table.Spec.Fields.Where(f => f.Transform.Kind != TransformKind.Void)]))).SetDefaultSpec(),
            cancellationToken);
    }

    private static PartitionField New(WritableTable table, IReadOnlyList<PartitionField> others, Term term, string? name)
    {
        var column = Column(table.Schema, term.Column);
        var called = name ?? DefaultName(column.FullName, term.Transform);
        if (others.FirstOrDefault(f => f.SourceId == column.Id && f.Transform == term.Transform) is { } same)
        {
            throw new SqlEngineException($"Table {table.Identifier} is partitioned by {term.Transform} of '{column.FullName}' already, as '{same.Name}'.");
        }

        // The builder checks what a partition field may be.
        _ = PartitionSpec.For(table.Schema).Add(column.FullName, term.Transform, called);
        return others.Any(f => f.Name.Equals(called, StringComparison.Ordinal))
            ? throw new SqlEngineException($"Table {table.Identifier} has a partition field '{called}' already; name the new one with AS.")
            : new PartitionField(column.Id, 0, called, term.Transform);
    }

    private static PartitionField Find(WritableTable table, IReadOnlyList<PartitionField> fields, Term? term, string? name) =>
        fields.FirstOrDefault(f => name is not null && f.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? (term is not null && table.Schema.Find(term.Column, caseSensitive: false) is { } column
            ? fields.FirstOrDefault(f => f.SourceId == column.Id && f.Transform == term.Transform)
            : null)
        ?? throw new SqlEngineException(
            $"Table {table.Identifier} has no partition field {name ?? $"{term!.Transform} of '{term.Column}'"}; it has {(fields.Count == 0 ? "none" : string.Join(", ", fields.Select(f => f.Name)))}.");

    /// <summary>The names that the reference implementation gives to added fields.</summary>
    private static string DefaultName(string column, Transform transform) => transform.Kind switch
    {
        TransformKind.Identity => column,
        TransformKind.Bucket => string.Create(CultureInfo.InvariantCulture, $"{column}_bucket_{transform.Parameter}"),
        TransformKind.Truncate => string.Create(CultureInfo.InvariantCulture, $"{column}_trunc_{transform.Parameter}"),
        TransformKind.Void => $"{column}_null",
        _ => $"{column}_{transform}",
    };
}
