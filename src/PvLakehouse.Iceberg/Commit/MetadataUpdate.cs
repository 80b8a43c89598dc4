using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>A change of metadata without files.</summary>
internal sealed class MetadataUpdate(Action<TableMetadataBuilder> change) : IPendingChange
{
    public Task ApplyAsync(TableMetadataBuilder builder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Apply(builder);
        return Task.CompletedTask;
    }

    public void Apply(TableMetadataBuilder builder) => change(builder);

    public bool IsIn(TableMetadata metadata) => false;

    public Task CleanUpAsync(bool committed) => Task.CompletedTask;
}
