namespace PvLakehouse.Iceberg.Catalog;

/// <summary>The metadata file of one table that shall become current.</summary>
/// <param name="Identifier">The table.</param>
/// <param name="Expected">The file that must be current; null for a table that must not exist.</param>
/// <param name="Next">The file that becomes current.</param>
public sealed record MetadataSwap(TableIdentifier Identifier, string? Expected, string Next);
