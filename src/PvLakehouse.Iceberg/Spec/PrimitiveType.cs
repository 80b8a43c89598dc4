namespace PvLakehouse.Iceberg.Spec;

/// <summary>A type that holds one value: everything but struct, list and map.</summary>
public sealed record PrimitiveType : IcebergType
{
    internal PrimitiveType(TypeKind kind)
        : base(kind)
    {
    }

    /// <summary>Digits of a decimal in all, 1 to 38; 0 for other types.</summary>
    public int Precision { get; internal init; }

    /// <summary>Digits of a decimal after the point; 0 for other types.</summary>
    public int Scale { get; internal init; }

    /// <summary>Bytes of a fixed; 0 for other types.</summary>
    public int Length { get; internal init; }

    /// <summary>Whether values carry wall clocks or instants.</summary>
    internal bool IsTimestamp =>
        Kind is TypeKind.Timestamp or TypeKind.TimestampTz or TypeKind.TimestampNs or TypeKind.TimestampTzNs;

    /// <summary>Whether values are IEEE 754 numbers, which may be NaN.</summary>
    internal bool IsFloating => Kind is TypeKind.Float or TypeKind.Double;

    /// <summary>Whether a file written with this type may be read as the other (spec: "Schema Evolution").</summary>
    internal bool CanPromoteTo(PrimitiveType other) => this == other || (Kind, other.Kind) switch
    {
        (TypeKind.Int, TypeKind.Long) => true,
        (TypeKind.Float, TypeKind.Double) => true,
        (TypeKind.Decimal, TypeKind.Decimal) => other.Scale == Scale && other.Precision > Precision,
        _ => false,
    };
}
