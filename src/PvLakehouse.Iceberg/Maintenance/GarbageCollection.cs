using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>Whether files of a table may be removed at all.</summary>
internal static class GarbageCollection
{
    /// <exception cref="IcebergException">The table forbids it, because others may use its files.</exception>
    public static void Check(TableIdentifier identifier, TableMetadata table, string what)
    {
        if (!TableProperties.Flag(table.Properties, TableProperties.GcEnabled, otherwise: true))
        {
            throw new IcebergException(
                $"{what}: table {identifier} has '{TableProperties.GcEnabled}' = false, because other "
                + "tables may use its files.");
        }
    }
}
