using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>Chooses parameters: DuckDB refuses values that a statement does not ask for.</summary>
internal static class ParametersOf
{
    public static IReadOnlyDictionary<string, object?>? Text(string sql, IReadOnlyDictionary<string, object?> parameters)
    {
        if (parameters.Count == 0)
        {
            return null;
        }

        var names = SqlTokenizer.Tokenize(sql).Where(t => t.Kind == SqlTokenKind.Parameter).Select(t => t.Value[1..])
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return parameters.Where(p => names.Contains(p.Key)).ToDictionary(StringComparer.Ordinal);
    }
}
