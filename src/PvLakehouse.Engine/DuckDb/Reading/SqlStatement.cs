using System.Text.Json;
using System.Text.RegularExpressions;
using PvLakehouse.Engine.Sql.TimeTravel;
using PvLakehouse.Iceberg.Inspect;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>A reading statement: its text and, where DuckDB can give it, its syntax tree.</summary>
/// <param name="Sql">The statement, with plain names in place of tables at other versions.</param>
/// <param name="Tree">DuckDB's syntax tree (<c>json_serialize_sql</c>); null for PIVOT, which has none.</param>
internal sealed partial record SqlStatement(string Sql, JsonElement? Tree)
{
    /// <summary>What the names of tables at other versions mean.</summary>
    public IReadOnlyList<TravelReference> Travels { get; private init; } = [];

    private const string Allowed = "SELECT, WITH, FROM, VALUES, TABLE, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN, PIVOT or UNPIVOT";

    private static readonly HashSet<string> Writing = new(StringComparer.Ordinal)
    {
        "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "CREATE", "ALTER", "DROP", "COPY",
    };

    /// <summary>Whether the statement may look at the list of tables, so that all of them must be listed.</summary>
    public bool ReadsCatalog => CatalogReader().IsMatch(Sql);

    /// <summary>Parses a statement and refuses all that do more than read.</summary>
    /// <exception cref="SqlEngineException">It does not parse, is more than one statement, or would write.</exception>
    public static async Task<SqlStatement> ParseAsync(string sql, DuckDbStatements duckDb, CancellationToken cancellationToken)
    {
        var travel = Travel(sql);
        return await ParseAsync(travel.Sql, travel.References, duckDb, cancellationToken);
    }

    /// <summary>Parses a statement that has plain names in place of tables at other versions.</summary>
    /// <exception cref="SqlEngineException">It does not parse, is more than one statement, or would write.</exception>
    public static async Task<SqlStatement> ParseAsync(
        string sql, IReadOnlyList<TravelReference> travels, DuckDbStatements duckDb, CancellationToken cancellationToken)
    {
        var statement = await ParsePlainAsync(sql, duckDb, cancellationToken);
        return statement with { Travels = travels };
    }

    /// <summary>A statement with plain names in place of tables at other versions.</summary>
    /// <exception cref="SqlEngineException">A quotation is not closed, or a version is missing.</exception>
    public static TravelText Travel(string sql) =>
        TravelRewriter.Rewrite(sql, DuckDbInstance.Catalog, name => MetadataTable.Find(name) is not null);

    /// <summary>Parses a statement that has no clauses of time travel any more.</summary>
    private static async Task<SqlStatement> ParsePlainAsync(string sql, DuckDbStatements duckDb, CancellationToken cancellationToken)
    {
        var text = SqlText.WithoutLeadingComments(sql);
        var explained = Explain().Match(text) is { Success: true } explain ? SqlText.WithoutLeadingComments(text[explain.Length..]) : text;
        var rows = await duckDb.RowsAsync($"SELECT json_serialize_sql({SqlText.Literal(explained)})::VARCHAR", cancellationToken);
        using var document = JsonDocument.Parse((string)rows[0][0]!, new JsonDocumentOptions { MaxDepth = 1000 });
        var root = document.RootElement;
        if (!root.GetProperty("error").GetBoolean())
        {
            var statements = root.GetProperty("statements");
            return statements.GetArrayLength() switch
            {
                1 => new SqlStatement(sql, statements[0].Clone()),
                0 => throw new SqlEngineException("There is no statement; expected one SELECT."),
                var many => throw new SqlEngineException($"There are {many} statements; run them one by one."),
            };
        }

        var word = SqlText.FirstWord(explained);
        if (root.GetProperty("error_type").GetString() is "parser")
        {
            throw new SqlEngineException(DuckDbErrors.Clean(root.GetProperty("error_message").GetString() ?? ""));
        }

        if (word is "PIVOT" or "UNPIVOT" or "PIVOT_WIDER" or "PIVOT_LONGER" || (word is "SELECT" or "FROM" or "WITH" && Pivot().IsMatch(explained)))
        {
            return new SqlStatement(sql, null);
        }

        throw new SqlEngineException(Writing.Contains(word)
            ? $"{word} is refused: only statements that read run here."
            : $"{(word.Length == 0 ? "This statement" : word)} is refused: expected {Allowed}.");
    }

    [GeneratedRegex(@"^EXPLAIN\b(\s+ANALYZE\b)?(\s*\([^)]*\))?", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Explain();

    [GeneratedRegex(@"\b(UN)?PIVOT\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pivot();

    [GeneratedRegex(@"\bSHOW\b|^\s*DESC(RIBE)?\s*;?\s*$|information_schema|duckdb_\w+\s*\(|pg_catalog|\bpg_\w+|sqlite_master|pragma_\w+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CatalogReader();
}
