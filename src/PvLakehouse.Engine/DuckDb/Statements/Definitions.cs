using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>CREATE, ALTER and DROP of namespaces and tables.</summary>
internal sealed class Definitions(StatementContext context, WholeTableWrites writes, Procedures procedures)
{
    private ICatalog Catalog => context.Tables.Catalog;

    public async Task<SqlResult> CreateSchemaAsync(CreateSchemaStatement statement, CancellationToken cancellationToken)
    {
        var schema = NamespaceOf(statement.Schema);
        if (statement.IfNotExists && await Catalog.NamespaceExistsAsync(schema, cancellationToken))
        {
            return StatementResult.Of($"Schema {schema} is there already.");
        }

        await Catalog.CreateNamespaceAsync(schema, statement.Properties, cancellationToken);
        return StatementResult.Of($"Schema {schema} is made.");
    }

    public async Task<SqlResult> DropSchemaAsync(DropSchemaStatement statement, CancellationToken cancellationToken)
    {
        var schema = NamespaceOf(statement.Schema);
        if (statement.IfExists && !await Catalog.NamespaceExistsAsync(schema, cancellationToken))
        {
            return StatementResult.Of($"There is no schema {schema}.");
        }

        await Catalog.DropNamespaceAsync(schema, cancellationToken);
        return StatementResult.Of($"Schema {schema} is dropped.");
    }

    public async Task<SqlResult> CreateTableAsync(CreateTableStatement statement, CancellationToken cancellationToken)
    {
        var there = await context.Tables.FindAsync(TargetTable.MentionOf(statement.Table), cancellationToken);
        if (there is not null && !statement.Replace)
        {
            return statement.IfNotExists
                ? StatementResult.Of($"Table {there.Identifier} is there already.")
                : throw new SqlEngineException($"There is a table {there.Identifier} already.");
        }

        var identifier = there?.Identifier ?? IdentifierOf(statement.Table);
        var columns = statement.Columns;
        if (statement.Query is { } query)
        {
            await context.ShowAsync(query, cancellationToken);
            columns = NewColumns.Of(await context.ColumnsAsync(query, cancellationToken));
        }

        // With its rows or not at all: nobody sees the table before both are there.
        var creation = NewColumns.Creation(columns, statement.Layout);
        await using var transaction = statement.Replace
            ? await Catalog.NewReplaceTransactionAsync(identifier, creation, orCreate: true, cancellationToken)
            : await Catalog.NewCreateTransactionAsync(identifier, creation, cancellationToken);
        if (statement.Query is { } rows)
        {
            return StatementResult.Of(await new Insertion(context, writes).FillAsync(transaction, rows, cancellationToken));
        }

        _ = await transaction.CommitAsync(cancellationToken);
        return StatementResult.Of($"Table {identifier} is {(there is null ? "made" : "replaced")}.");
    }

    public async Task<SqlResult> DropTableAsync(DropTableStatement statement, CancellationToken cancellationToken)
    {
        var mention = TargetTable.MentionOf(statement.Table);
        if (await context.Tables.FindAsync(mention, cancellationToken) is not { } table)
        {
            return statement.IfExists
                ? StatementResult.Of($"There is no table {mention}.")
                : throw await context.Tables.MissingAsync(mention, cancellationToken);
        }

        await Catalog.DropTableAsync(table.Identifier, statement.Purge, cancellationToken);
        return StatementResult.Of($"Table {table.Identifier} is dropped{(statement.Purge ? " with its files" : "; its files stay")}.");
    }

    public async Task<SqlResult> AlterTableAsync(AlterTableStatement statement, CancellationToken cancellationToken)
    {
        var mention = TargetTable.MentionOf(statement.Table);
        if (await context.Tables.FindAsync(mention, cancellationToken) is not { } table)
        {
            return statement.IfExists
                ? StatementResult.Of($"There is no table {mention}.")
                : throw await context.Tables.MissingAsync(mention, cancellationToken);
        }

        return statement.Action is AlterAction.Execute execute
            ? await procedures.ExecuteAsync(table, execute, cancellationToken)
            : StatementResult.Of(await AlterAsync(table, statement.Action, cancellationToken));
    }

    private async Task<string> AlterAsync(Table table, AlterAction action, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case AlterAction.CreateRef create:
                return await RefChanges.CreateAsync(table, create, cancellationToken);
            case AlterAction.DropRef drop:
                return await RefChanges.DropAsync(table, drop, cancellationToken);
            case AlterAction.RenameTable rename:
                var to = IdentifierOf(rename.To);
                await Catalog.RenameTableAsync(table.Identifier, to, cancellationToken);
                return $"Table {table.Identifier} is called {to} now.";
            case AlterAction.Several several:
                await using (var transaction = table.NewTransaction())
                {
                    foreach (var one in several.Actions)
                    {
                        await ChangeAsync(transaction, one, cancellationToken);
                    }

                    _ = await transaction.CommitAsync(cancellationToken);
                }

                break;
            default:
                await ChangeAsync(table, action, cancellationToken);
                break;
        }

        return $"Table {table.Identifier} is changed.";
    }

    private static Task ChangeAsync(WritableTable table, AlterAction action, CancellationToken cancellationToken) => action switch
    {
        AlterAction.AddColumns add => ColumnChanges.AddAsync(table, add, cancellationToken),
        AlterAction.DropColumns drop => ColumnChanges.DropAsync(table, drop, cancellationToken),
        AlterAction.RenameColumn rename => ColumnChanges.RenameAsync(table, rename, cancellationToken),
        AlterAction.SetColumnType type => ColumnChanges.SetTypeAsync(table, type, cancellationToken),
        AlterAction.SetRequired required => ColumnChanges.SetRequiredAsync(table, required, cancellationToken),
        AlterAction.SetColumnComment comment => ColumnChanges.SetCommentAsync(table, comment, cancellationToken),
        AlterAction.MoveColumn move => ColumnChanges.MoveAsync(table, move, cancellationToken),
        AlterAction.SetIdentifierFields identifiers => ColumnChanges.SetIdentifiersAsync(table, identifiers.Columns, drop: false, cancellationToken),
        AlterAction.DropIdentifierFields identifiers => ColumnChanges.SetIdentifiersAsync(table, identifiers.Columns, drop: true, cancellationToken),
        AlterAction.SetProperties set => SetAsync(table, set.Properties, cancellationToken),
        AlterAction.UnsetProperties unset => UnsetAsync(table, unset, cancellationToken),
        AlterAction.SetPartitioning partitioning => PartitionChanges.SetAsync(table, partitioning.Terms, cancellationToken),
        AlterAction.AddPartitionField add => PartitionChanges.AddAsync(table, add.Term, add.Name, cancellationToken),
        AlterAction.DropPartitionField drop => PartitionChanges.DropAsync(table, drop.Term, drop.Name, cancellationToken),
        AlterAction.ReplacePartitionField replace => PartitionChanges.ReplaceAsync(table, replace, cancellationToken),
        AlterAction.SetOrder order => table.UpdateAsync(
            b => b.AddSortOrder(NewColumns.Order(table.Schema, order.Keys)).SetDefaultSortOrder(), cancellationToken),
        _ => throw new ArgumentException($"Changes of type {action.GetType().Name} are not known.", nameof(action)),
    };

    private static Task SetAsync(WritableTable table, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        const string Version = "format-version";
        var others = properties.Where(p => p.Key != Version).ToDictionary(StringComparer.Ordinal);
        return table.UpdateAsync(
            b =>
            {
                if (properties.TryGetValue(Version, out var version))
                {
                    b.UpgradeFormatVersion(int.TryParse(version, out var number) && number is 1 or 2
                        ? number
                        : throw new SqlEngineException($"Tables of format version '{version}' are not written; version 2 is."));
                }

                if (others.Count > 0)
                {
                    b.SetProperties(others);
                }
            },
            cancellationToken);
    }

    private static Task UnsetAsync(WritableTable table, AlterAction.UnsetProperties unset, CancellationToken cancellationToken)
    {
        if (!unset.IfExists && unset.Keys.FirstOrDefault(k => !table.Metadata.Properties.ContainsKey(k)) is { } missing)
        {
            throw new SqlEngineException($"Table {table.Identifier} has no property '{missing}'.");
        }

        return table.UpdateAsync(b => b.RemoveProperties(unset.Keys), cancellationToken);
    }

    private static TableIdentifier IdentifierOf(TableName name)
    {
        var mention = TargetTable.MentionOf(name);
        return new TableIdentifier(Namespace.Parse(mention.Namespace), mention.Name);
    }

    private static Namespace NamespaceOf(TableName name) =>
        name.Parts.Count >= 2 && name.Parts[0].Equals(DuckDbInstance.Catalog, StringComparison.OrdinalIgnoreCase)
            ? new Namespace([.. name.Parts.Skip(1).SelectMany(p => p.Split('.'))])
            : throw new SqlEngineException($"There is no schema {name}; schemas of the lake have names of two parts.\nDid you mean \"{DuckDbInstance.Catalog}.{name.Parts[^1]}\"?");
}
