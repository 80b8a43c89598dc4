using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Several changes as one.</summary>
internal sealed class CompositeChange(IReadOnlyList<IPendingChange> changes) : IPendingChange
{
    public async Task ApplyAsync(TableMetadataBuilder builder, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            await change.ApplyAsync(builder, cancellationToken);
        }
    }

    public bool IsIn(TableMetadata metadata) => changes.Any(c => c.IsIn(metadata));

    public async Task CleanUpAsync(bool committed)
    {
        foreach (var change in changes)
        {
            await change.CleanUpAsync(committed);
        }
    }
}
