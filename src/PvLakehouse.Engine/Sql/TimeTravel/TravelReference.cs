using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql.TimeTravel;

/// <summary>A table at another time than now, as a statement names it.</summary>
/// <param name="Catalog">The catalog in its name.</param>
/// <param name="Namespace">The namespace in its name.</param>
/// <param name="Table">The table in its name; may be a metadata table such as <c>t$files</c>.</param>
/// <param name="ByTime">Whether the expression is an instant; else a snapshot id, branch or tag.</param>
/// <param name="Expression">Which version, as written.</param>
internal sealed record TravelReference(string Catalog, string Namespace, string Table, bool ByTime, string Expression)
{
    /// <summary>The name that stands in the rewritten statement in place of table and clause.</summary>
    public string Name => $"{Table} for {(ByTime ? "timestamp" : "version")} as of {Expression}";
}

/// <summary>A statement in which every reference to another version is a plain name.</summary>
/// <param name="Sql">The statement for an engine that knows no time travel.</param>
/// <param name="References">What the new names mean.</param>
internal sealed record TravelText(string Sql, IReadOnlyList<TravelReference> References)
{
    /// <summary>The parameters that the statement still has, without those that only tell versions.</summary>
    public static IReadOnlyDictionary<string, object?>? Left(
        string sql, IReadOnlyList<TravelReference> references, IReadOnlyDictionary<string, object?>? parameters)
    {
        if (parameters is null || references.Count == 0)
        {
            return parameters;
        }

        var names = SqlTokenizer.Tokenize(sql).Where(t => t.Kind == SqlTokenKind.Parameter).Select(t => t.Value[1..]).ToHashSet();
        return parameters
            .Where(p => names.Contains(p.Key) || !references.Any(r => r.Expression.Contains($"${p.Key}", StringComparison.Ordinal)))
            .ToDictionary(StringComparer.Ordinal);
    }
}
