using System.Text;
using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql.Functions;

/// <summary>Replaces calls of table functions by names of relations.</summary>
internal static class FunctionRewriter
{
    /// <summary>The statement with names in place of calls, and the calls.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="catalog">The first part of the functions' full names, which may be left out.</param>
    /// <param name="functions">The functions that there are.</param>
    /// <exception cref="SqlEngineException">A quotation or a parenthesis is not closed.</exception>
    public static (string Sql, IReadOnlyList<FunctionCall> Calls) Rewrite(
        string sql, string catalog, IReadOnlyList<SqlTableFunction> functions)
    {
        if (!functions.Any(function => sql.Contains(function.Name, StringComparison.OrdinalIgnoreCase)))
        {
            return (sql, []);
        }

        var tokens = SqlTokenizer.Tokenize(sql);
        var text = new StringBuilder();
        var calls = new List<FunctionCall>();
        var copied = 0;
        for (var i = 0; i + 3 < tokens.Count; i++)
        {
            // namespace . function (
            if (!IsName(tokens[i]) || !tokens[i + 1].Is(".") || !tokens[i + 3].Is("(") || Find(functions, tokens[i], tokens[i + 2]) is not { } function)
            {
                continue;
            }

            var isQualified = i >= 2 && tokens[i - 1].Is(".") && tokens[i - 2].Value.Equals(catalog, StringComparison.OrdinalIgnoreCase);
            var end = Closing(sql, tokens, i + 3);
            var arguments = sql[tokens[i + 3].End..tokens[end].Start];
            var call = calls.Find(c => c.Function == function && c.Arguments == arguments);
            if (call is null)
            {
                call = new FunctionCall(function, arguments, $"{function.Name} #{calls.Count + 1}");
                calls.Add(call);
            }

            text.Append(sql, copied, tokens[isQualified ? i - 2 : i].Start - copied).Append('"').Append(call.Relation).Append('"');
            copied = tokens[end].End;
            i = end;
        }

        return (text.Append(sql, copied, sql.Length - copied).ToString(), calls);
    }

    private static SqlTableFunction? Find(IReadOnlyList<SqlTableFunction> functions, SqlToken @namespace, SqlToken name) =>
        functions.FirstOrDefault(function => function.Namespace.Equals(@namespace.Value, StringComparison.OrdinalIgnoreCase)
            && function.Name.Equals(name.Value, StringComparison.OrdinalIgnoreCase));

    private static bool IsName(SqlToken token) => token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;

    private static int Closing(string sql, IReadOnlyList<SqlToken> tokens, int open)
    {
        var depth = 0;
        for (var i = open; tokens[i].Kind != SqlTokenKind.End; i++)
        {
            depth += tokens[i].Is("(") ? 1 : tokens[i].Is(")") ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        throw SqlSyntax.Error(sql, tokens[open].Start, "( has no counterpart; expected ).");
    }
}
