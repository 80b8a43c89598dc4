using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>A change of metadata without files.</summary>
/// <param name="change">Makes the change.</param>
/// <param name="isIn">Tells whether metadata shows the change; null when that cannot be told.</param>
internal sealed class MetadataUpdate(Action<TableMetadataBuilder> change, Func<TableMetadata, bool>? isIn = null) : IPendingChange
{
    public Task ApplyAsync(TableMetadataBuilder builder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Apply(builder);
        return Task.CompletedTask;
    }

    public void Apply(TableMetadataBuilder builder) => change(builder);

    public bool IsIn(TableMetadata metadata) => isIn?.Invoke(metadata) == true;

    public Task CleanUpAsync(bool committed) => Task.CompletedTask;
}
