using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>A change of metadata without a snapshot.</summary>
internal sealed class MetadataUpdate(Table table, Action<TableMetadataBuilder> change)
{
    public Task CommitAsync(CancellationToken cancellationToken) => new CommitLoop(table).RunAsync(
        (_, @base) =>
        {
            var builder = TableMetadataBuilder.From(@base);
            change(builder);
            return Task.FromResult(builder);
        },
        isApplied: null,
        cancellationToken);
}
