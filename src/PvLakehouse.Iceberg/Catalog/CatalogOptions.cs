using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Reporting;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>What a catalog decides for all tables that are made, replaced and used through it.</summary>
public sealed record CatalogOptions
{
    private const string DefaultPrefix = "table-default.";
    private const string OverridePrefix = "table-override.";
    private const string UniqueLocation = "unique-table-location";

    /// <summary>Leaves every decision to who makes the table.</summary>
    public static CatalogOptions None { get; } = new();

    /// <summary>Properties of tables whose maker does not set them.</summary>
    public IReadOnlyDictionary<string, string> TableDefaults { get; init; } = Nothing;

    /// <summary>Properties of tables whatever their maker sets.</summary>
    public IReadOnlyDictionary<string, string> TableOverrides { get; init; } = Nothing;

    /// <summary>
    /// Whether a location that the catalog chooses ends with a random id, so that a table never shares its folder with
    /// another that had its name before.
    /// </summary>
    public bool UniqueTableLocations { get; init; }

    /// <summary>Is told of scans and commits of the catalog's tables; null for nobody.</summary>
    public IMetricsReporter? Reporter { get; init; }

    private static Dictionary<string, string> Nothing => new(StringComparer.Ordinal);

    /// <summary>
    /// Reads the catalog properties that the reference implementation knows: <c>table-default.*</c>,
    /// <c>table-override.*</c> and <c>unique-table-location</c>. Others are about other things and are left out.
    /// </summary>
    /// <exception cref="IcebergException">A value is neither true nor false where it should be one of them.</exception>
    public static CatalogOptions From(IReadOnlyDictionary<string, string> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        return new CatalogOptions
        {
            TableDefaults = WithPrefix(properties, DefaultPrefix),
            TableOverrides = WithPrefix(properties, OverridePrefix),
            UniqueTableLocations = TableProperties.Flag(properties, UniqueLocation, otherwise: false),
        };
    }

    /// <summary>The creation with the properties that the catalog adds to it.</summary>
    internal TableCreation Complete(TableCreation creation)
    {
        var properties = new Dictionary<string, string>(TableDefaults, StringComparer.Ordinal);
        foreach (var (key, value) in creation.Properties.Concat(TableOverrides))
        {
            properties[key] = value;
        }

        return creation with { Properties = properties };
    }

    private static Dictionary<string, string> WithPrefix(IReadOnlyDictionary<string, string> properties, string prefix) => properties
        .Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(p => p.Key[prefix.Length..], p => p.Value, StringComparer.Ordinal);
}
