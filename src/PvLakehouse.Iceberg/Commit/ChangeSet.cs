using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>The changes of one table that are committed together.</summary>
/// <param name="identifier">The table.</param>
/// <param name="table">The table that is changed and moved to the result; null for one that is to be made.</param>
/// <param name="changes">The changes in order.</param>
internal sealed class ChangeSet(TableIdentifier identifier, Table? table, IReadOnlyList<IPendingChange> changes)
{
    private TableMetadataBuilder? _made;

    public TableIdentifier Identifier => identifier;

    public Table? Table => table;

    /// <summary>What was made of a base already, so that the first attempt need not do it again.</summary>
    public TableMetadataBuilder? Staged { get; init; }

    /// <summary>What became current by the commit; null until then.</summary>
    public CommitOutcome.Committed? Result { get; private set; }

    /// <summary>The table's metadata with the changes made.</summary>
    public TableMetadataBuilder Made => _made ?? throw new InvalidOperationException("The changes are not made yet.");

    /// <summary>Makes the changes on the newest base that is known.</summary>
    public async Task<TableMetadataBuilder> MakeAsync(CancellationToken cancellationToken)
    {
        if (_made is null && Staged is { } staged && ReferenceEquals(staged.Base, table?.Metadata))
        {
            return _made = staged;
        }

        var builder = table is null ? TableMetadataBuilder.ForNewTable() : TableMetadataBuilder.From(table.Metadata);
        foreach (var change in changes)
        {
            await change.ApplyAsync(builder, cancellationToken);
        }

        return _made = builder;
    }

    /// <summary>The commit of what was made.</summary>
    public TableCommit ToCommit() => new(
        identifier, TableRequirements.For(table?.Metadata, Made.Changes), Made.Changes);

    public void Finish(CommitOutcome.Committed result)
    {
        table?.MoveTo(result.Metadata, result.MetadataLocation);
        Result = result;
    }

    /// <summary>Whether the table shows that the changes happened.</summary>
    public bool IsIn(TableMetadata metadata) => table is null
        ? metadata.TableUuid == Made.Current.TableUuid
        : changes.Any(c => c.IsIn(metadata));

    public async Task CleanUpAsync(bool committed)
    {
        foreach (var change in changes)
        {
            await change.CleanUpAsync(committed);
        }
    }
}
