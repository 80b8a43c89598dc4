namespace PvLakehouse.Iceberg.Spec;

/// <summary>A field seen from its schema: with its full name and its place.</summary>
/// <param name="Field">The field itself; elements, keys and values of lists and maps appear as fields named so.</param>
/// <param name="FullName">Names from the top, joined by dots.</param>
/// <param name="ParentId">Id of the field it is nested in; null at the top.</param>
/// <param name="Repeated">Whether it lies inside a list or a map, so that a row may hold many values.</param>
/// <param name="OptionalAncestor">Whether a struct around it may be null.</param>
public sealed record SchemaField(NestedField Field, string FullName, int? ParentId, bool Repeated, bool OptionalAncestor)
{
    /// <summary>Field id.</summary>
    public int Id => Field.Id;

    /// <summary>Type of the values.</summary>
    public IcebergType Type => Field.Type;
}
