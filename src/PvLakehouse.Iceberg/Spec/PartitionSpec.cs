using PvLakehouse.Iceberg.Json;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>One value of the partition tuple: a transform of a source column.</summary>
/// <param name="SourceId">Field id of the source column.</param>
/// <param name="FieldId">Partition field id, 1000 and up, unique in the table.</param>
/// <param name="Name">Name of the partition value, for example <c>date_hour_month</c>.</param>
/// <param name="Transform">How the value comes from the source.</param>
public sealed record PartitionField(int SourceId, int FieldId, string Name, Transform Transform)
{
    /// <summary>Keys of the JSON form that this library does not interpret, such as <c>source-ids</c>.</summary>
    public ExtraProperties Extra { get; init; } = ExtraProperties.None;
}

/// <summary>How rows are laid into partitions. Immutable; without fields the table is not partitioned.</summary>
public sealed class PartitionSpec : IEquatable<PartitionSpec>
{
    /// <summary>The lowest id of a partition field.</summary>
    public const int FirstFieldId = 1000;

    /// <summary>Makes a spec of fields that need not bind to any schema: old specs may name dropped columns.</summary>
    /// <exception cref="ArgumentException">Two fields share an id or a name.</exception>
    public PartitionSpec(int specId, IReadOnlyList<PartitionField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        SpecId = specId;
        Fields = [.. fields];
        if (Fields.DistinctBy(f => f.FieldId).Count() != Fields.Count || Fields.DistinctBy(f => f.Name, StringComparer.Ordinal).Count() != Fields.Count)
        {
            throw new ArgumentException(
                $"Partition spec {specId} has two fields of one id or name: {this}.", nameof(fields));
        }
    }

    /// <summary>The spec without fields, id 0.</summary>
    public static PartitionSpec Unpartitioned { get; } = new(0, []);

    /// <summary>Id among the specs of its table.</summary>
    public int SpecId { get; }

    /// <summary>The fields in the order of the partition tuple.</summary>
    public IReadOnlyList<PartitionField> Fields { get; }

    /// <summary>Whether there is any field that does not always give null.</summary>
    public bool IsPartitioned => Fields.Any(f => f.Transform.Kind != TransformKind.Void);

    /// <summary>The highest field id, or 999 when there is no field.</summary>
    public int HighestFieldId => Fields.Count == 0 ? FirstFieldId - 1 : Fields.Max(f => f.FieldId);

    /// <summary>Starts a new spec for the columns of a schema.</summary>
    public static PartitionSpecBuilder For(Schema schema) => new(schema);

    /// <summary>The same fields under another spec id.</summary>
    public PartitionSpec WithId(int specId) => new(specId, Fields);

    /// <summary>The type of the partition tuple for a schema; a dropped source column gives <c>string</c>.</summary>
    public StructType PartitionType(Schema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new StructType([.. Fields.Select(f => NestedField.Optional(f.FieldId, f.Name, ResultType(f, schema)))]);
    }

    /// <summary>The partition tuple of a row, given its values by source column id.</summary>
    /// <exception cref="InvalidOperationException">A transform is unknown or does not fit the value.</exception>
    public PartitionValues Partition(Func<int, Literal?> columnValue)
    {
        ArgumentNullException.ThrowIfNull(columnValue);
        return new PartitionValues([.. Fields.Select(f => f.Transform.Apply(columnValue(f.SourceId)))]);
    }

    /// <summary>
    /// The folder of a partition, <c>name=value/...</c> form-URL-encoded; empty when not partitioned.
    /// </summary>
    public string PartitionPath(PartitionValues partition)
    {
        ArgumentNullException.ThrowIfNull(partition);
        return string.Join('/', Fields.Select((f, i) =>
            $"{IO.FormUrl.Encode(f.Name)}={IO.FormUrl.Encode(f.Transform.ToHumanText(partition[i]))}"));
    }

    /// <summary>Whether both have the same source ids, transforms and names in order; ids do not count.</summary>
    public bool IsCompatibleWith(PartitionSpec other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Fields.Select(f => (f.SourceId, f.Transform, f.Name))
            .SequenceEqual(other.Fields.Select(f => (f.SourceId, f.Transform, f.Name)));
    }

    /// <summary>Whether spec id and fields are the same.</summary>
    public bool Equals(PartitionSpec? other) =>
        other is not null && SpecId == other.SpecId && Fields.SequenceEqual(other.Fields);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PartitionSpec);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(SpecId, Fields.Count);

    /// <summary>The fields as text, for example <c>[1000: date_hour_month: month(3)]</c>.</summary>
    public override string ToString() =>
        $"[{string.Join(", ", Fields.Select(f => $"{f.FieldId}: {f.Name}: {f.Transform}({f.SourceId})"))}]";

    private static PrimitiveType ResultType(PartitionField field, Schema schema) =>
        field.Transform.ResultType(schema.Find(field.SourceId)?.Type as PrimitiveType ?? IcebergType.String);
}
