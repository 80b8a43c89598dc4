using PvLakehouse.Iceberg.Json;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>A field of a struct: identified for ever by its id, found by its name.</summary>
/// <param name="Id">Field id, unique in the schema, never reused.</param>
/// <param name="Name">Name as users write it.</param>
/// <param name="Type">Type of the values.</param>
/// <param name="Required">Whether null is impossible.</param>
/// <param name="Doc">What the field means; null when nobody said.</param>
public sealed record NestedField(int Id, string Name, IcebergType Type, bool Required, string? Doc = null)
{
    /// <summary>
    /// What rows of files that lack the column hold (format version 3); null means null. Of the field's type.
    /// </summary>
    public Literal? InitialDefault { get; init; }

    /// <summary>What writers put into new rows that give no value (format version 3); null means null.</summary>
    public Literal? WriteDefault { get; init; }

    /// <summary>
    /// <see cref="InitialDefault"/> of a struct, list or map as the JSON text of its value; null means null.
    /// </summary>
    /// <remarks><c>{}</c> is a struct that is there and whose fields hold their own defaults.</remarks>
    public string? NestedInitialDefault { get; init; }

    /// <summary><see cref="WriteDefault"/> of a struct, list or map as the JSON text of its value.</summary>
    public string? NestedWriteDefault { get; init; }

    /// <summary>Keys of the JSON form that this library does not interpret.</summary>
    public ExtraProperties Extra { get; init; } = ExtraProperties.None;

    /// <summary>A field that may be null.</summary>
    public static NestedField Optional(int id, string name, IcebergType type, string? doc = null) =>
        new(id, name, type, Required: false, doc);

    /// <summary>A field that is never null.</summary>
    public static NestedField Mandatory(int id, string name, IcebergType type, string? doc = null) =>
        new(id, name, type, Required: true, doc);
}
