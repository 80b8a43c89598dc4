namespace PvLakehouse.Iceberg.Avro;

/// <summary>A writer's schema as found in the header of an Avro file, with the attributes that Iceberg adds.</summary>
/// <remarks>
/// Our own container and decoder, because Apache.Avro 1.12 refuses manifests with uuid partitions (<c>fixed[16]</c> with
/// logical type uuid) and boxes every value, which makes planning slow. The tests read what we write with Apache.Avro.
/// </remarks>
internal abstract class AvroSchema
{
    /// <summary>The attribute <c>logicalType</c>, or null.</summary>
    public string? LogicalType { get; init; }

    public static AvroSchema Parse(string json) => AvroSchemaParser.Parse(json);
}

internal enum AvroPrimitiveKind
{
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
}

internal sealed class AvroPrimitive(AvroPrimitiveKind kind) : AvroSchema
{
    public AvroPrimitiveKind Kind { get; } = kind;

    /// <summary>Whether a timestamp is an instant; Iceberg's own attribute.</summary>
    public bool AdjustToUtc { get; init; }

    public int Precision { get; init; }

    public int Scale { get; init; }
}

internal sealed class AvroFixed(int size) : AvroSchema
{
    public int Size { get; } = size;

    public int Precision { get; init; }

    public int Scale { get; init; }
}

internal sealed class AvroEnum : AvroSchema;

internal sealed class AvroArray(AvroSchema items) : AvroSchema
{
    public AvroSchema Items { get; } = items;
}

internal sealed class AvroMap(AvroSchema values) : AvroSchema
{
    public AvroSchema Values { get; } = values;
}

internal sealed class AvroUnion(IReadOnlyList<AvroSchema> branches) : AvroSchema
{
    public IReadOnlyList<AvroSchema> Branches { get; } = branches;
}

/// <summary>A record; fields are set after construction because a record may contain itself.</summary>
internal sealed class AvroRecord : AvroSchema
{
    public IReadOnlyList<AvroField> Fields { get; set; } = [];
}

/// <summary>A field of a record. Iceberg finds fields by <see cref="FieldId"/>, never by name or position.</summary>
internal sealed record AvroField(string Name, int? FieldId, AvroSchema Type);
