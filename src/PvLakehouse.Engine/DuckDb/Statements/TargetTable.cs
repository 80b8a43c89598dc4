using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>The table that a statement changes, with the name that its expressions use.</summary>
internal sealed record TargetTable(Table Table, Target Target)
{
    /// <summary>The name by which expressions refer to its columns, quoted.</summary>
    public string Alias => SqlText.Name(Target.Name);

    /// <summary>The table as a query names it, under the alias.</summary>
    public string Reference
    {
        get
        {
            var mention = TableLookup.MentionOf(Table.Identifier);
            return $"{DuckDbInstance.Catalog}.{SqlText.Name(mention.Namespace)}.{SqlText.Name(mention.Name)} AS {Alias}";
        }
    }

    /// <summary>What the commit records.</summary>
    public WriteOptions Options => WriteOptions.Default with { Branch = Target.Branch };

    /// <summary>Finds the table.</summary>
    /// <exception cref="SqlEngineException">There is no such table, or the name has not three parts.</exception>
    public static async Task<TargetTable> FindAsync(TableLookup tables, Target target, CancellationToken cancellationToken) =>
        new(await FindAsync(tables, target.Table, cancellationToken), target);

    /// <summary>Finds a table by the name in a statement.</summary>
    /// <exception cref="SqlEngineException">There is no such table, or the name has not three parts.</exception>
    public static async Task<Table> FindAsync(TableLookup tables, TableName name, CancellationToken cancellationToken)
    {
        var mention = MentionOf(name);
        return await tables.FindAsync(mention, cancellationToken) ?? throw await tables.MissingAsync(mention, cancellationToken);
    }

    /// <summary>The namespace and table in a name of three parts or more.</summary>
    /// <exception cref="SqlEngineException">The name has fewer parts, or another catalog.</exception>
    public static TableMention MentionOf(TableName name)
    {
        if (name.Parts.Count < 3 || !name.Parts[0].Equals(DuckDbInstance.Catalog, StringComparison.OrdinalIgnoreCase))
        {
            throw new SqlEngineException(
                $"There is no table {name}; tables of the lake have names of three parts.\nDid you mean \"{DuckDbInstance.Catalog}.{string.Join('.', name.Parts.TakeLast(2))}\"?");
        }

        return new TableMention(string.Join('.', name.Parts.Skip(1).SkipLast(1)), name.Parts[^1]);
    }

    /// <summary>The place of a column, without regard to case.</summary>
    /// <exception cref="SqlEngineException">There is no such column.</exception>
    public int Place(string column)
    {
        var columns = Table.Schema.Columns;
        var place = columns.Index().Where(c => c.Item.Name.Equals(column, StringComparison.OrdinalIgnoreCase)).Select(c => c.Index).ToList();
        return place is [var only] ? only : columns.Index().Where(c => c.Item.Name.Equals(column, StringComparison.Ordinal)).Select(c => (int?)c.Index).FirstOrDefault()
            ?? throw new SqlEngineException($"Table {Table.Identifier} has no column '{column}'; it has {string.Join(", ", columns.Select(c => c.Name))}.");
    }

    /// <summary>Selects at least the target's rows that a query reads, where the target stands first in its FROM.</summary>
    /// <param name="query">The query.</param>
    /// <param name="parameters">Values of its parameters.</param>
    public Expression ScopeIn(SqlStatement query, IReadOnlyDictionary<string, object?> parameters)
    {
        var mention = TableLookup.MentionOf(Table.Identifier);
        return query.Tree is { } tree
            ? TableReferences.In(tree, m => m.IsSame(mention) ? Table.Schema : null, parameters).First(r => r.Mention.IsSame(mention)).Filter
            : Expression.True;
    }

    /// <summary>Selects just the target's rows for which the WHERE of a query is true, the target being all of its FROM; null when no filter says that.</summary>
    /// <param name="query">The query.</param>
    /// <param name="parameters">Values of its parameters.</param>
    public Expression? ExactIn(SqlStatement query, IReadOnlyDictionary<string, object?> parameters)
    {
        if (query.Tree is not { } tree || IsReadIn(query))
        {
            return null;
        }

        var select = tree.GetProperty("node");
        var scope = FromScope.Of(select.GetProperty("from_table"), sampled: false, _ => Table.Schema);
        return new FilterTranslator(scope, parameters).Exact(select.GetProperty("where_clause"), scope.Items[0]);
    }

    /// <summary>Whether a query reads the target elsewhere too, so that every row of it may matter.</summary>
    public bool IsReadIn(SqlStatement query)
    {
        var mention = TableLookup.MentionOf(Table.Identifier);
        return TableMention.In(query.Sql).Count(m => m.IsSame(mention)) > 1;
    }
}
