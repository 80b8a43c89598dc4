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

    /// <summary>The table that the changes start from; null while it is to be made.</summary>
    public Table? Table { get; private set; } = table;

    /// <summary>What was made of a base already, so that the first attempt need not do it again.</summary>
    public TableMetadataBuilder? Staged { get; init; }

    /// <summary>Whether a table that somebody else makes meanwhile is replaced.</summary>
    public bool MayReplace { get; init; }

    /// <summary>What became current by the commit; null until then.</summary>
    public CommitOutcome.Committed? Result { get; private set; }

    /// <summary>The table's metadata with the changes made.</summary>
    public TableMetadataBuilder Made => _made ?? throw new InvalidOperationException("The changes are not made yet.");

    /// <summary>Makes the changes on the newest base that is known.</summary>
    public async Task<TableMetadataBuilder> MakeAsync(CancellationToken cancellationToken)
    {
        if (_made is null && Staged is { } staged && ReferenceEquals(staged.Base, Table?.Metadata))
        {
            return _made = staged;
        }

        var builder = Table is null ? TableMetadataBuilder.ForNewTable() : TableMetadataBuilder.From(Table.Metadata);
        foreach (var change in changes)
        {
            await change.ApplyAsync(builder, cancellationToken);
        }

        return _made = builder;
    }

    /// <summary>Loads the newest state of the table, for another attempt.</summary>
    /// <exception cref="AlreadyExistsException">The table was to be made, and somebody else made it.</exception>
    public async Task RefreshAsync(ICatalog catalog, CancellationToken cancellationToken)
    {
        if (Table is not null)
        {
            await Table.RefreshAsync(cancellationToken);
        }
        else if (await catalog.TableExistsAsync(identifier, cancellationToken))
        {
            Table = MayReplace
                ? await catalog.LoadTableAsync(identifier, cancellationToken)
                : throw new AlreadyExistsException(
                    $"Table already exists: {identifier} was made by somebody else meanwhile (catalog "
                    + $"'{catalog.Name}').");
        }
    }

    /// <summary>The commit of what was made.</summary>
    public TableCommit ToCommit() => new(
        identifier, TableRequirements.For(Table?.Metadata, Made.Changes), Made.Changes);

    public void Finish(CommitOutcome.Committed result)
    {
        Table?.MoveTo(result.Metadata, result.MetadataLocation);
        Result = result;
    }

    /// <summary>Whether the table shows that the changes happened.</summary>
    public bool IsIn(TableMetadata metadata) => Table is null
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
