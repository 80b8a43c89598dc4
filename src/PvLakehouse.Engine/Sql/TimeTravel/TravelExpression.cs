using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql.TimeTravel;

/// <summary>
/// Finds where the expression behind AS OF ends: a constant or a calculation with instants, not everything that may follow.
/// </summary>
internal sealed class TravelExpression(string sql, IReadOnlyList<SqlToken> tokens)
{
    private static readonly string[] Units =
    [
        "YEAR", "YEARS", "MONTH", "MONTHS", "WEEK", "WEEKS", "DAY", "DAYS", "HOUR", "HOURS", "MINUTE", "MINUTES", "SECOND", "SECONDS",
    ];

    /// <summary>The last token of the expression that begins at a token.</summary>
    /// <exception cref="SqlEngineException">None begins there.</exception>
    public int End(int start)
    {
        var next = Operand(start);
        while (true)
        {
            if (At(next).Is("::"))
            {
                next = Operand(next + 1);
            }
            else if (At(next).Is("AT") && At(next + 1).Is("TIME") && At(next + 2).Is("ZONE"))
            {
                next = Operand(next + 3);
            }
            else if (At(next) is { Kind: SqlTokenKind.Symbol, Value: "+" or "-" or "*" or "/" })
            {
                next = Operand(next + 1);
            }
            else
            {
                return next - 1;
            }
        }
    }

    /// <summary>The token behind one operand.</summary>
    private int Operand(int start)
    {
        var next = start;
        while (At(next).Is("-") || At(next).Is("+"))
        {
            next++;
        }

        switch (At(next).Kind)
        {
            case SqlTokenKind.Text or SqlTokenKind.Number or SqlTokenKind.Parameter:
                return next + 1;
            case SqlTokenKind.Symbol when At(next).Is("("):
                return Group(next);
            case SqlTokenKind.Word or SqlTokenKind.QuotedName:
                break;
            default:
                throw SqlSyntax.Unexpected(sql, At(next), "a version: a snapshot id, a branch or tag in quotes, or an instant");
        }

        var isInterval = At(next).Is("INTERVAL");
        var isTyped = isInterval || At(next).Is("TIMESTAMP") || At(next).Is("TIMESTAMPTZ") || At(next).Is("DATE");
        next++;
        if (isTyped && At(next).Kind is SqlTokenKind.Text or SqlTokenKind.Number)
        {
            next++;
            return isInterval && Array.Exists(Units, At(next).Is) ? next + 1 : next;
        }

        while (At(next).Is(".") && At(next + 1).Kind == SqlTokenKind.Word)
        {
            next += 2;
        }

        return At(next).Is("(") ? Group(next) : next;
    }

    private int Group(int open)
    {
        var depth = 0;
        for (var i = open; ; i++)
        {
            if (At(i).Kind == SqlTokenKind.End)
            {
                throw SqlSyntax.Error(sql, At(open).Start, "( has no counterpart; expected ).");
            }

            depth += At(i).Is("(") ? 1 : At(i).Is(")") ? -1 : 0;
            if (depth == 0)
            {
                return i + 1;
            }
        }
    }

    private SqlToken At(int token) => tokens[Math.Min(token, tokens.Count - 1)];
}
