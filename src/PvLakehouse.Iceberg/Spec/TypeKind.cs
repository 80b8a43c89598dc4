namespace PvLakehouse.Iceberg.Spec;

/// <summary>The types of the Iceberg specification that this library knows.</summary>
public enum TypeKind
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>32-bit signed integer.</summary>
    Int,

    /// <summary>64-bit signed integer.</summary>
    Long,

    /// <summary>32-bit IEEE 754 number.</summary>
    Float,

    /// <summary>64-bit IEEE 754 number.</summary>
    Double,

    /// <summary>Exact decimal number.</summary>
    Decimal,

    /// <summary>Calendar date.</summary>
    Date,

    /// <summary>Time of day [µs].</summary>
    Time,

    /// <summary>Wall clock without zone [µs].</summary>
    Timestamp,

    /// <summary>Instant [µs].</summary>
    TimestampTz,

    /// <summary>Wall clock without zone [ns].</summary>
    TimestampNs,

    /// <summary>Instant [ns].</summary>
    TimestampTzNs,

    /// <summary>Text.</summary>
    String,

    /// <summary>Universally unique identifier.</summary>
    Uuid,

    /// <summary>Bytes of one fixed length.</summary>
    Fixed,

    /// <summary>Bytes of any length.</summary>
    Binary,

    /// <summary>Always null; the type of a column of which nothing is known yet (format version 3).</summary>
    Unknown,

    /// <summary>Semi-structured value (format version 3).</summary>
    Variant,

    /// <summary>Shape in a plane, as well-known binary (format version 3).</summary>
    Geometry,

    /// <summary>Shape on the globe, as well-known binary (format version 3).</summary>
    Geography,

    /// <summary>Named fields.</summary>
    Struct,

    /// <summary>Elements of one type.</summary>
    List,

    /// <summary>Keys of one type with values of another.</summary>
    Map,
}
