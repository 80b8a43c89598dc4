using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>Changes of a table's columns.</summary>
internal static class ColumnChanges
{
    public static Task AddAsync(WritableTable table, AlterAction.AddColumns change, CancellationToken cancellationToken)
    {
        var update = table.UpdateSchema();
        foreach (var column in change.Columns)
        {
            if (table.Schema.Find(column.FullName, caseSensitive: false) is { } there)
            {
                if (change.IfNotExists)
                {
                    continue;
                }

                throw new SqlEngineException($"Table {table.Identifier} has a column '{there.FullName}' already.");
            }

            var parent = column.Path.Count == 1 ? null : PartitionChanges.Column(table.Schema, string.Join('.', column.Path.SkipLast(1))).FullName;
            var name = column.Path[^1];
            update = column.Required
                ? update.AddRequiredColumn(parent, name, column.Type, column.Comment)
                : update.AddColumn(parent, name, column.Type, column.Comment);
            if (column.Place is { } place)
            {
                var full = parent is null ? name : $"{parent}.{name}";
                update = place.After is { } after ? update.MoveAfter(full, Sibling(parent, after)) : update.MoveFirst(full);
            }
        }

        return update.CommitAsync(cancellationToken);
    }

    public static Task DropAsync(WritableTable table, AlterAction.DropColumns change, CancellationToken cancellationToken)
    {
        var update = table.UpdateSchema();
        foreach (var column in change.Columns)
        {
            if (!change.IfExists || table.Schema.Find(string.Join('.', column), caseSensitive: false) is not null)
            {
                update = update.DropColumn(Name(table, column));
            }
        }

        return update.CommitAsync(cancellationToken);
    }

    public static Task RenameAsync(WritableTable table, AlterAction.RenameColumn change, CancellationToken cancellationToken)
    {
        var name = Name(table, change.Column);
        var parent = name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : null;
        if (table.Schema.Find(Sibling(parent, change.To), caseSensitive: false) is { } there && there.FullName != name)
        {
            throw new SqlEngineException($"Table {table.Identifier} has a column '{there.FullName}' already.");
        }

        return table.UpdateSchema().RenameColumn(name, change.To).CommitAsync(cancellationToken);
    }

    public static Task SetTypeAsync(WritableTable table, AlterAction.SetColumnType change, CancellationToken cancellationToken) =>
        table.UpdateSchema().UpdateColumnType(Name(table, change.Column), change.Type).CommitAsync(cancellationToken);

    public static Task SetRequiredAsync(WritableTable table, AlterAction.SetRequired change, CancellationToken cancellationToken)
    {
        var name = Name(table, change.Column);
        return (change.Required ? table.UpdateSchema().RequireColumn(name) : table.UpdateSchema().MakeOptional(name)).CommitAsync(cancellationToken);
    }

    public static Task SetCommentAsync(WritableTable table, AlterAction.SetColumnComment change, CancellationToken cancellationToken) =>
        table.UpdateSchema().UpdateDoc(Name(table, change.Column), change.Comment).CommitAsync(cancellationToken);

    public static Task MoveAsync(WritableTable table, AlterAction.MoveColumn change, CancellationToken cancellationToken)
    {
        var name = Name(table, change.Column);
        var parent = name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : null;
        return (change.Place.After is { } after
            ? table.UpdateSchema().MoveAfter(name, Name(table, Sibling(parent, after).Split('.')))
            : table.UpdateSchema().MoveFirst(name)).CommitAsync(cancellationToken);
    }

    /// <summary>Names the columns that identify a row, or takes some of them away again.</summary>
    public static Task SetIdentifiersAsync(WritableTable table, IReadOnlyList<string> columns, bool drop, CancellationToken cancellationToken)
    {
        var named = columns.Select(c => PartitionChanges.Column(table.Schema, c).FullName).ToList();
        var kept = drop
            ? table.Schema.IdentifierFieldIds.Select(id => table.Schema.Find(id)!.FullName).Where(n => !named.Contains(n)).ToList()
            : named;
        return table.UpdateSchema().SetIdentifierFields(kept).CommitAsync(cancellationToken);
    }

    private static string Name(WritableTable table, IReadOnlyList<string> path) => PartitionChanges.Column(table.Schema, string.Join('.', path)).FullName;

    private static string Sibling(string? parent, string name) => parent is null ? name : $"{parent}.{name}";
}
