namespace PvLakehouse.Iceberg.Spec;

/// <summary>A type of a column or of a nested field (spec: "Schemas and Data Types").</summary>
public abstract record IcebergType
{
    private protected IcebergType(TypeKind kind) => Kind = kind;

    /// <summary>Which of the spec's types this is.</summary>
    public TypeKind Kind { get; }

    /// <summary>Whether the type is neither struct, list nor map.</summary>
    public bool IsPrimitive => this is PrimitiveType;

    /// <summary>True or false.</summary>
    public static PrimitiveType Boolean { get; } = new(TypeKind.Boolean);

    /// <summary>32-bit signed integer.</summary>
    public static PrimitiveType Int { get; } = new(TypeKind.Int);

    /// <summary>64-bit signed integer.</summary>
    public static PrimitiveType Long { get; } = new(TypeKind.Long);

    /// <summary>32-bit IEEE 754 number.</summary>
    public static PrimitiveType Float { get; } = new(TypeKind.Float);

    /// <summary>64-bit IEEE 754 number.</summary>
    public static PrimitiveType Double { get; } = new(TypeKind.Double);

    /// <summary>Calendar date without zone.</summary>
    public static PrimitiveType Date { get; } = new(TypeKind.Date);

    /// <summary>Time of day without zone [µs].</summary>
    public static PrimitiveType Time { get; } = new(TypeKind.Time);

    /// <summary>Date and time of a wall clock, without zone [µs].</summary>
    public static PrimitiveType Timestamp { get; } = new(TypeKind.Timestamp);

    /// <summary>Instant, stored in UTC [µs].</summary>
    public static PrimitiveType TimestampTz { get; } = new(TypeKind.TimestampTz);

    /// <summary>Date and time of a wall clock, without zone [ns]; format version 3.</summary>
    public static PrimitiveType TimestampNs { get; } = new(TypeKind.TimestampNs);

    /// <summary>Instant, stored in UTC [ns]; format version 3.</summary>
    public static PrimitiveType TimestampTzNs { get; } = new(TypeKind.TimestampTzNs);

    /// <summary>Text of any length, ordered by code point.</summary>
    public static PrimitiveType String { get; } = new(TypeKind.String);

    /// <summary>Universally unique identifier.</summary>
    public static PrimitiveType Uuid { get; } = new(TypeKind.Uuid);

    /// <summary>Bytes of any length.</summary>
    public static PrimitiveType Binary { get; } = new(TypeKind.Binary);

    /// <summary>Always null; format version 3.</summary>
    public static PrimitiveType Unknown { get; } = new(TypeKind.Unknown);

    /// <summary>Semi-structured value; format version 3.</summary>
    public static PrimitiveType Variant { get; } = new(TypeKind.Variant);

    /// <summary>Shape in a plane; format version 3.</summary>
    /// <param name="crs">Coordinate reference system, for example <c>srid:3857</c>; null means OGC:CRS84.</param>
    /// <exception cref="ArgumentException">The name of the reference system is empty or holds a bracket.</exception>
    public static PrimitiveType Geometry(string? crs = null) => new(TypeKind.Geometry) { Crs = CheckedCrs(crs) };

    /// <summary>Shape on the globe; format version 3.</summary>
    /// <param name="crs">Coordinate reference system; null means OGC:CRS84.</param>
    /// <param name="algorithm">How edges run between two points.</param>
    /// <exception cref="ArgumentException">The name of the reference system is empty or holds a bracket.</exception>
    public static PrimitiveType Geography(string? crs = null, EdgeAlgorithm algorithm = EdgeAlgorithm.Spherical) =>
        new(TypeKind.Geography) { Crs = CheckedCrs(crs), Algorithm = algorithm };

    /// <summary>Exact decimal number.</summary>
    /// <param name="precision">Digits in all, 1 to 38.</param>
    /// <param name="scale">Digits after the point, 0 to <paramref name="precision"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public static PrimitiveType Decimal(int precision, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, 38);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, precision);
        return new PrimitiveType(TypeKind.Decimal) { Precision = precision, Scale = scale };
    }

    /// <summary>Bytes of one fixed length.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public static PrimitiveType Fixed(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new PrimitiveType(TypeKind.Fixed) { Length = length };
    }

    /// <summary>Reads the text form of a primitive type, for example <c>decimal(9, 2)</c>.</summary>
    /// <exception cref="IcebergFormatException">The text names no type that is supported here.</exception>
    public static PrimitiveType Parse(string text) => TypeText.Parse(text);

    /// <summary>The text form of the specification, for example <c>timestamptz</c> or <c>list&lt;int&gt;</c>.</summary>
    public sealed override string ToString() => TypeText.Print(this);

    private static string CheckedCrs(string? crs)
    {
        if (crs is null || crs.Equals(PrimitiveType.DefaultCrs, StringComparison.OrdinalIgnoreCase))
        {
            return PrimitiveType.DefaultCrs;
        }

        ArgumentException.ThrowIfNullOrWhiteSpace(crs);
        return crs.AsSpan().ContainsAny("(),") ? throw new ArgumentException(
            $"Coordinate reference system '{crs}' holds a bracket or comma, which its text form cannot.", nameof(crs)) : crs;
    }
}
