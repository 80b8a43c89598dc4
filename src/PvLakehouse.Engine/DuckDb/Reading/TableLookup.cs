using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>Finds the tables that statements name; like all names in SQL, without regard to case.</summary>
internal sealed class TableLookup(ICatalog catalog)
{
    /// <summary>The catalog that knows the tables.</summary>
    public ICatalog Catalog => catalog;

    /// <summary>The table at its head, or null when there is none of that name.</summary>
    public async Task<Table?> FindAsync(TableMention mention, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.LoadTableAsync(new TableIdentifier(Namespace.Parse(mention.Namespace), mention.Name), cancellationToken);
        }
        catch (NoSuchTableException)
        {
            var same = (await AllAsync(cancellationToken)).Where(t => mention.IsSame(MentionOf(t))).ToList();
            return same is [var only] ? await catalog.LoadTableAsync(only, cancellationToken) : null;
        }
        catch (ArgumentException)
        {
            return null; // Not a name that any table can have.
        }
    }

    /// <summary>The table at its head.</summary>
    /// <exception cref="SqlEngineException">There is no such table.</exception>
    public async Task<Table> LoadAsync(TableIdentifier identifier, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.LoadTableAsync(identifier, cancellationToken);
        }
        catch (NoSuchTableException)
        {
            throw await MissingAsync(MentionOf(identifier), cancellationToken);
        }
    }

    /// <summary>What to say when there is no such table.</summary>
    public async Task<SqlEngineException> MissingAsync(TableMention mention, CancellationToken cancellationToken)
    {
        var all = await AllAsync(cancellationToken);
        var sentence = $"There is no table {DuckDbInstance.Catalog}.{mention}.";
        var nearest = all.MinBy(t => (
            MentionOf(t).Name.Equals(mention.Name, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(MentionOf(t).ToString(), mention.ToString())));
        return new SqlEngineException(nearest is null
            ? $"{sentence}\nThe catalog '{catalog.Name}' has no tables yet."
            : $"{sentence}\nDid you mean \"{DuckDbInstance.Catalog}.{nearest}\"?");
    }

    /// <summary>Adds to a failure the full name of the table that was probably meant, if DuckDB did not know a table.</summary>
    public async Task<SqlEngineException> WithFullNameAsync(SqlEngineException failure, CancellationToken cancellationToken)
    {
        if (DuckDbErrors.UnknownTable(failure.Message) is not { } name)
        {
            return failure;
        }

        var meant = (await AllAsync(cancellationToken)).FirstOrDefault(t => t.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return meant is null ? failure : new SqlEngineException(
            $"There is no table {name}; tables of the lake have names of three parts.\nDid you mean \"{DuckDbInstance.Catalog}.{meant}\"?",
            failure);
    }

    /// <summary>The names of all tables.</summary>
    public async Task<IReadOnlyList<TableIdentifier>> AllAsync(CancellationToken cancellationToken)
    {
        var tables = new List<TableIdentifier>();
        var namespaces = new Stack<Namespace>(await catalog.ListNamespacesAsync(null, cancellationToken));
        while (namespaces.TryPop(out var next))
        {
            tables.AddRange(await catalog.ListTablesAsync(next, cancellationToken));
            foreach (var child in await catalog.ListNamespacesAsync(next, cancellationToken))
            {
                namespaces.Push(child);
            }
        }

        tables.Sort((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));
        return tables;
    }

    public static TableMention MentionOf(TableIdentifier identifier) => new(identifier.Namespace.ToString(), identifier.Name);

    /// <summary>Levenshtein distance without regard to case.</summary>
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = previous[0];
            previous[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]);
                (diagonal, previous[j]) = (previous[j], Math.Min(Math.Min(previous[j], previous[j - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return previous[right.Length];
    }
}
