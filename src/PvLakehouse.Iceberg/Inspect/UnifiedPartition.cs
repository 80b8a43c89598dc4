using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Inspect;

/// <summary>
/// One partition tuple for all specs of a table: every field that any spec has, null where a spec lacks it.
/// </summary>
internal sealed class UnifiedPartition
{
    private readonly Dictionary<int, int[]> _positionsBySpec;

    public UnifiedPartition(TableMetadata table)
    {
        Type = TypeOf(table);
        _positionsBySpec = table.Specs.ToDictionary(
            spec => spec.SpecId,
            spec => Type.Fields.Select(f => spec.Fields.ToList().FindIndex(s => s.FieldId == f.Id)).ToArray());
    }

    /// <summary>The fields by ascending id, under the name of the newest spec that has them.</summary>
    public StructType Type { get; }

    /// <summary>The partition of a file as a tuple of <see cref="Type"/>.</summary>
    /// <exception cref="IcebergFormatException">The table does not have the spec.</exception>
    public PartitionValues Of(int specId, PartitionValues partition)
    {
        var positions = _positionsBySpec.TryGetValue(specId, out var found) ? found : throw new IcebergFormatException(
            $"A file is of partition spec {specId}, which the table does not have.");
        return new PartitionValues(
            [.. positions.Select(
                (p, i) => p < 0 || p >= partition.Count
                    ? null : Fit(partition[p], (PrimitiveType)Type.Fields[i].Type))]);
    }

    private static Literal? Fit(Literal? value, PrimitiveType type) => value switch
    {
        null => null,
        { } v when v.Type == type => v,
        { } v when v.TryConvertTo(type, out var converted) => converted,

        // The result of a transform that is not known here: its text is all that can be shown.
        { } v => type.Kind == TypeKind.String ? Literal.String(v.ToString()) : v,
    };

    /// <summary>As the reference implementation does it: fields whose source column is gone are left out.</summary>
    private static StructType TypeOf(TableMetadata table)
    {
        var fields = new SortedDictionary<int, (PartitionField Field, NestedField Shown)>();
        foreach (var spec in table.Specs.OrderByDescending(s => s.SpecId))
        {
            foreach (var field in spec.Fields.Where(f => table.Schema.Find(f.SourceId) is not null))
            {
                var shown = new PartitionSpec(spec.SpecId, [field]).PartitionType(table.Schema).Fields[0];
                if (!fields.TryGetValue(field.FieldId, out var known))
                {
                    fields[field.FieldId] = (field, shown);
                }
                else if (known.Field.Transform.Kind == TransformKind.Void)
                {
                    // A field that version 1 dropped: what it was tells its type.
                    fields[field.FieldId] = (field, shown with { Name = known.Shown.Name });
                }
            }
        }

        var names = fields.Values.CountBy(f => f.Shown.Name).ToDictionary(StringComparer.Ordinal);
        var newest = fields.Values.GroupBy(f => f.Shown.Name).ToDictionary(
            g => g.Key, g => g.Max(f => f.Field.FieldId));
        return new StructType(
        [
            .. fields.Values.Select(f => names[f.Shown.Name] == 1 || newest[f.Shown.Name] == f.Field.FieldId
                ? f.Shown
                : f.Shown with { Name = $"{f.Shown.Name}_{f.Field.FieldId}" }),
        ]);
    }
}
