namespace PvLakehouse.Iceberg.Spec;

/// <summary>A type that holds one value: everything but struct, list and map.</summary>
public sealed record PrimitiveType : IcebergType
{
    /// <summary>The coordinate reference system of shapes that name none: longitude and latitude.</summary>
    public const string DefaultCrs = "OGC:CRS84";

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

    /// <summary>Coordinate reference system of a geometry or geography; null for other types.</summary>
    public string? Crs { get; internal init; }

    /// <summary>How the edges of a geography run; null for other types.</summary>
    public EdgeAlgorithm? Algorithm { get; internal init; }

    /// <summary>Whether only format version 3 knows the type.</summary>
    public bool NeedsVersion3 => Kind is TypeKind.TimestampNs or TypeKind.TimestampTzNs or TypeKind.Unknown
        or TypeKind.Variant or TypeKind.Geometry or TypeKind.Geography;

    /// <summary>Whether values can be written as text, compared and hashed, and so be bounds and operands.</summary>
    internal bool HasLiterals => Kind is not (TypeKind.Unknown or TypeKind.Variant or TypeKind.Geometry or TypeKind.Geography);

    /// <summary>Whether values carry wall clocks or instants.</summary>
    internal bool IsTimestamp =>
        Kind is TypeKind.Timestamp or TypeKind.TimestampTz or TypeKind.TimestampNs or TypeKind.TimestampTzNs;

    /// <summary>Whether values are IEEE 754 numbers, which may be NaN.</summary>
    internal bool IsFloating => Kind is TypeKind.Float or TypeKind.Double;

    /// <summary>Whether a file written with this type may be read as the other (spec: "Schema Evolution").</summary>
    /// <param name="other">The type to read as.</param>
    /// <param name="formatVersion">Version of the table: version 3 allows more.</param>
    internal bool CanPromoteTo(PrimitiveType other, int formatVersion = 2) => this == other || (Kind, other.Kind) switch
    {
        (TypeKind.Unknown, _) => formatVersion >= 3,
        (TypeKind.Date, TypeKind.Timestamp or TypeKind.TimestampNs) => formatVersion >= 3,
        (TypeKind.Int, TypeKind.Long) => true,
        (TypeKind.Float, TypeKind.Double) => true,
        (TypeKind.Decimal, TypeKind.Decimal) => other.Scale == Scale && other.Precision > Precision,
        _ => false,
    };
}
