namespace PvLakehouse.Iceberg.Spec;

/// <summary>Which types may become which without rewriting files (spec: "Schema Evolution", format version 2).</summary>
internal static class TypePromotion
{
    /// <summary>Whether values of a type can be read as another; equal types can.</summary>
    public static bool IsAllowed(IcebergType from, IcebergType to) => from.Equals(to) || (from, to) switch
    {
        (PrimitiveType { Kind: TypeKind.Int }, PrimitiveType { Kind: TypeKind.Long }) => true,
        (PrimitiveType { Kind: TypeKind.Float }, PrimitiveType { Kind: TypeKind.Double }) => true,
        (PrimitiveType { Kind: TypeKind.Decimal } d, PrimitiveType { Kind: TypeKind.Decimal } wider) =>
            d.Scale == wider.Scale && wider.Precision >= d.Precision,
        _ => false,
    };
}
