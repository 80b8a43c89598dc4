using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>A change of metadata without a snapshot.</summary>
internal sealed class MetadataUpdate(Table table, Action<TableMetadataBuilder> change)
{
    public Task CommitAsync(CancellationToken cancellationToken) => throw new NotSupportedException($"Comes with the next commits: {table.Identifier} {change.Method.Name}");
}
