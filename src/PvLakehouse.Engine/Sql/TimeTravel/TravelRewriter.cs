using System.Text;
using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql.TimeTravel;

/// <summary>
/// Replaces <c>t FOR VERSION AS OF 1</c>, <c>t TIMESTAMP AS OF ...</c>, <c>t.branch_b</c>, <c>t.tag_x</c> and Spark's
/// <c>t.snapshots</c> by plain names, in whatever statement they stand.
/// </summary>
/// <remarks>
/// Trino writes FOR VERSION and FOR TIMESTAMP, Spark leaves out FOR or says SYSTEM_VERSION and SYSTEM_TIME. A table
/// that has no alias gets its own name as one, so that its columns can still be qualified. Names of four parts are
/// looked at only where a table stands: elsewhere they are columns.
/// </remarks>
internal sealed class TravelRewriter
{
    private static readonly string[] TableStarts = ["FROM", "JOIN", "USING", "TABLE", "DESCRIBE", "DESC", "SUMMARIZE"];

    private static readonly string[] Clauses =
    [
        "SELECT", "FROM", "JOIN", "WHERE", "ON", "GROUP", "HAVING", "ORDER", "SET", "VALUES", "WINDOW", "QUALIFY",
        "LIMIT", "WHEN", "BY",
    ];

    private static readonly string[] AliasEnds =
    [
        "ON", "USING", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "EXCEPT", "INTERSECT",
        "WINDOW", "QUALIFY",
        "JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL", "SEMI", "ANTI", "ASOF", "POSITIONAL",
        "TABLESAMPLE", "PIVOT",
        "UNPIVOT", "SET", "WHEN", "LATERAL", "SELECT", "VALUES",
    ];

    private readonly string _sql;
    private readonly string _catalog;
    private readonly Func<string, bool> _isMetadataTable;
    private readonly IReadOnlyList<SqlToken> _tokens;
    private readonly StringBuilder _text = new();
    private readonly List<TravelReference> _references = [];
    private readonly Stack<string> _clauses = new([""]);
    private int _copied;

    private TravelRewriter(string sql, string catalog, Func<string, bool> isMetadataTable)
    {
        _sql = sql;
        _catalog = catalog;
        _isMetadataTable = isMetadataTable;
        _tokens = SqlTokenizer.Tokenize(sql);
    }

    /// <summary>The statement with plain names.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="catalog">The first part of the names of Iceberg tables.</param>
    /// <param name="isMetadataTable">Whether there are metadata tables of that name, such as <c>snapshots</c>.</param>
    /// <exception cref="SqlEngineException">A quotation is not closed, or a clause lacks its version.</exception>
    public static TravelText Rewrite(string sql, string catalog, Func<string, bool> isMetadataTable)
    {
        var rewriter = new TravelRewriter(sql, catalog, isMetadataTable);
        for (var i = 0; i < rewriter._tokens.Count; i++)
        {
            i = rewriter.Visit(i);
        }

        rewriter._text.Append(sql, rewriter._copied, sql.Length - rewriter._copied);
        return new TravelText(rewriter._text.ToString(), rewriter._references);
    }

    /// <summary>Looks at the token and those after it; returns the last one that is dealt with.</summary>
    private int Visit(int i)
    {
        var token = _tokens[i];
        if (token.Is("("))
        {
            _clauses.Push(_clauses.Peek() is "FROM" && IsTablePlace(i) ? "FROM" : "");
        }
        else if (token.Is(")") && _clauses.Count > 1)
        {
            _clauses.Pop();
        }
        else if (IsName(i) && !At(i - 1).Is(".") && token.Value.Equals(_catalog, StringComparison.OrdinalIgnoreCase))
        {
            return Table(i);
        }
        else if (Array.Exists(Clauses, token.Is))
        {
            _clauses.Pop();
            _clauses.Push(token.Is("JOIN") ? "FROM" : token.Value.ToUpperInvariant());
        }

        return i;
    }

    private int Table(int first)
    {
        var names = new List<string> { _tokens[first].Value };
        var last = first;
        while (names.Count < 4 && At(last + 1).Is(".") && IsName(last + 2))
        {
            last += 2;
            names.Add(_tokens[last].Value);
        }

        if (names.Count < 3)
        {
            return last;
        }

        var isTarget = IsTarget(first);
        var place = IsTablePlace(first);
        var reference = new TravelReference(names[0], names[1], names[2], ByTime: false, "");
        if (names.Count == 4 && place && !isTarget)
        {
            if (_isMetadataTable(names[3]))
            {
                reference = reference with { Table = $"{names[2]}${names[3].ToLowerInvariant()}" };
            }
            else if ((Suffix(names[3], "branch_") ?? Suffix(names[3], "tag_")) is { } name)
            {
                reference = reference with { Expression = $"'{name}'" };
            }
        }

        var end = isTarget ? last : Clause(last, ref reference);
        if (reference.Expression.Length == 0 && reference.Table == names[2])
        {
            return last;
        }

        Replace(
            first, end, reference, alias: names.Count == 4 && reference.Expression.Length == 0 ? names[3] : names[2]);
        return end;
    }

    /// <summary>Reads a clause behind a table; returns its last token, or the table's when there is none.</summary>
    private int Clause(int table, ref TravelReference reference)
    {
        var next = table + 1;
        next += At(next).Is("FOR") ? 1 : 0;
        var byTime = At(next).Is("TIMESTAMP") || At(next).Is("SYSTEM_TIME");
        if ((!byTime && !At(next).Is("VERSION") && !At(next).Is("SYSTEM_VERSION"))
            || !At(next + 1).Is("AS") || !At(next + 2).Is("OF"))
        {
            return table;
        }

        var end = new TravelExpression(_sql, _tokens).End(next + 3);
        reference = reference with { ByTime = byTime, Expression = _sql[_tokens[next + 3].Start.._tokens[end].End] };
        return end;
    }

    private void Replace(int first, int last, TravelReference reference, string alias)
    {
        if (reference.Expression.Length > 0 && !_references.Contains(reference))
        {
            _references.Add(reference);
        }

        var name = reference.Expression.Length > 0 ? reference.Name : reference.Table;
        _text.Append(_sql, _copied, _tokens[first].Start - _copied)
            .Append(Quoted(reference.Catalog)).Append('.').Append(Quoted(reference.Namespace)).Append('.').Append(
                Quoted(name));
        _copied = _tokens[last].End;
        var next = At(last + 1);
        var hasAlias = next.Is("AS") || next.Kind == SqlTokenKind.QuotedName
            || (next.Kind == SqlTokenKind.Word && !Array.Exists(AliasEnds, next.Is));
        if (!hasAlias && IsTablePlace(first) && !IsDescribed(first))
        {
            _text.Append(" AS ").Append(Quoted(alias));
        }
    }

    /// <summary>
    /// Whether a token begins the name of the table that a statement changes: its clause names a branch to write to.
    /// </summary>
    private bool IsTarget(int token)
    {
        var before = At(token - 1).Is("TABLE") ? token - 2 : token - 1;
        return At(before).Is("INTO") || At(before).Is("UPDATE") || At(before).Is("OVERWRITE")
            || (At(before).Is("FROM") && At(before - 1).Is("DELETE"));
    }

    /// <summary>Whether a token stands where FROM, JOIN and their like want a table.</summary>
    private bool IsTablePlace(int token)
    {
        var before = At(token - 1);
        return Array.Exists(TableStarts, before.Is)
            || (_clauses.Peek() is "FROM" && (before.Is(",") || before.Is("(")));
    }

    private bool IsDescribed(int token) =>
        At(token - 1) is var before
            && (before.Is("DESCRIBE") || before.Is("DESC") || before.Is("SUMMARIZE") || before.Is("TABLE"));

    private bool IsName(int token) => At(token).Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;

    private SqlToken At(int token) => token < 0 ? _tokens[^1] : _tokens[Math.Min(token, _tokens.Count - 1)];

    private static string? Suffix(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            && name.Length > prefix.Length ? name[prefix.Length..] : null;

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
