using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Metadata;

/// <summary>What a schema may hold in which format version (spec: "Schemas and Data Types", "Default values").</summary>
internal static class VersionRules
{
    /// <summary>A sentence on the first column that the version cannot hold; null when it can hold all.</summary>
    public static string? Violation(Schema schema, int formatVersion)
    {
        if (formatVersion >= 3)
        {
            return null;
        }

        foreach (var field in schema.AllFields)
        {
            var what = field switch
            {
                { Type: PrimitiveType { NeedsVersion3: true } type } => $"type {type}",
                { Field: { InitialDefault: not null } or { NestedInitialDefault: not null } } => "an initial default",
                { Field: { WriteDefault: not null } or { NestedWriteDefault: not null } } => "a write default",
                _ => null,
            };
            if (what is not null)
            {
                return $"Column '{field.FullName}' has {what}, which needs format version 3; the table has version "
                    + $"{formatVersion}.";
            }
        }

        return null;
    }
}
