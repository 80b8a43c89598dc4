namespace PvLakehouse.Engine.Sql.Text;

/// <summary>Reads tokens of one statement from left to right.</summary>
internal sealed class TokenReader
{
    private readonly List<SqlToken> _tokens;
    private int _next;

    /// <param name="sql">The statement; a semicolon at its end is no part of it.</param>
    /// <exception cref="SqlEngineException">A quotation or a comment is not closed.</exception>
    public TokenReader(string sql)
    {
        Sql = sql;
        var tokens = SqlTokenizer.Tokenize(sql).ToList();
        while (tokens.Count > 1 && tokens[^2].Is(";"))
        {
            var semicolon = tokens[^2];
            tokens.RemoveRange(tokens.Count - 2, 2);
            tokens.Add(new SqlToken(SqlTokenKind.End, semicolon.Start, 0, ""));
        }

        _tokens = tokens;
    }

    /// <summary>The statement.</summary>
    public string Sql { get; }

    /// <summary>The next token.</summary>
    public SqlToken Current => _tokens[_next];

    /// <summary>Whether everything is read.</summary>
    public bool AtEnd => Current.Kind == SqlTokenKind.End;

    /// <summary>The token some places further on or, with a negative distance, back.</summary>
    public SqlToken Peek(int distance) => _tokens[Math.Clamp(_next + distance, 0, _tokens.Count - 1)];

    /// <summary>Whether these words or symbols come next.</summary>
    public bool At(params ReadOnlySpan<string> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (!Peek(i).Is(words[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads these words or symbols if they come next.</summary>
    public bool Take(params ReadOnlySpan<string> words)
    {
        if (!At(words))
        {
            return false;
        }

        _next += words.Length;
        return true;
    }

    /// <summary>Reads these words or symbols.</summary>
    /// <exception cref="SqlEngineException">Something else comes next.</exception>
    public void Expect(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (!Take(word))
            {
                throw Unexpected(char.IsLetter(word[0]) ? word : $"'{word}'");
            }
        }
    }

    /// <summary>Reads one token of any kind.</summary>
    public SqlToken Any()
    {
        var token = Current;
        if (token.Kind != SqlTokenKind.End)
        {
            _next++;
        }

        return token;
    }

    /// <summary>Reads a name, quoted or not.</summary>
    /// <exception cref="SqlEngineException">Something else comes next.</exception>
    public string Name(string what) =>
        Current.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName ? Any().Value : throw Unexpected(what);

    /// <summary>Reads names joined by dots.</summary>
    /// <exception cref="SqlEngineException">Something else comes next.</exception>
    public IReadOnlyList<string> Path(string what)
    {
        var parts = new List<string> { Name(what) };
        while (Take("."))
        {
            parts.Add(Name(what));
        }

        return parts;
    }

    /// <summary>Reads names in parentheses, separated by commas.</summary>
    public IReadOnlyList<string> Names(string what)
    {
        Expect("(");
        var names = new List<string>();
        do
        {
            names.Add(Name(what));
        }
        while (Take(","));
        Expect(")");
        return names;
    }

    /// <summary>Reads a text in quotes.</summary>
    /// <exception cref="SqlEngineException">Something else comes next.</exception>
    public string Text(string what) => Current.Kind == SqlTokenKind.Text ? Any().Value : throw Unexpected(what);

    /// <summary>Reads a whole number without sign.</summary>
    /// <exception cref="SqlEngineException">Something else comes next.</exception>
    public long Whole(string what) => Current.Kind == SqlTokenKind.Number && long.TryParse(
        Current.Value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value)
        ? TakeWhole(value)
        : throw Unexpected(what);

    /// <summary>Reads an expression or a query as it is written, up to one of some words outside of parentheses and CASE.</summary>
    /// <exception cref="SqlEngineException">There is none, or its parentheses do not match.</exception>
    public string Source(string what, params ReadOnlySpan<string> ends)
    {
        var first = _next;
        var open = new Stack<SqlToken>();
        while (true)
        {
            var token = Current;
            if (token.Kind == SqlTokenKind.End)
            {
                if (open.TryPeek(out var unclosed))
                {
                    throw SqlSyntax.Error(Sql, unclosed.Start, $"{unclosed.Value} has no counterpart; expected {Close(unclosed.Value)}.");
                }

                break;
            }

            if (open.Count == 0 && (Is(token, ends) || (Closes(token) && !token.Is("END"))))
            {
                break;
            }

            if (token.Is("(") || token.Is("[") || token.Is("{") || token.Is("CASE"))
            {
                open.Push(token);
            }
            else if (Closes(token) && open.TryPeek(out var last))
            {
                if (!token.Is(Close(last.Value)))
                {
                    throw Unexpected(Close(last.Value));
                }

                open.Pop();
            }

            _next++;
        }

        if (_next == first)
        {
            throw Unexpected(what);
        }

        return Sql[_tokens[first].Start.._tokens[_next - 1].End];
    }

    /// <summary>Reads what stands in parentheses as it is written, the parentheses included.</summary>
    /// <exception cref="SqlEngineException">No parenthesis comes next, or it is not closed.</exception>
    public string Group()
    {
        var open = Current;
        Expect("(");
        if (!At(")"))
        {
            _ = Source("something in the parentheses");
        }

        var close = Current;
        Expect(")");
        return Sql[open.Start..close.End];
    }

    /// <summary>Reads the rest as it is written.</summary>
    /// <exception cref="SqlEngineException">Nothing is left.</exception>
    public string Rest(string what)
    {
        if (AtEnd)
        {
            throw Unexpected(what);
        }

        var text = Sql[Current.Start.._tokens[^1].Start].TrimEnd();
        _next = _tokens.Count - 1;
        return text;
    }

    /// <summary>Checks that everything is read.</summary>
    /// <exception cref="SqlEngineException">Something is left.</exception>
    public void End(string orElse = "")
    {
        if (!AtEnd)
        {
            throw Unexpected(orElse.Length == 0 ? "the end of the statement" : $"{orElse} or the end of the statement");
        }
    }

    /// <summary>The error that something else should stand at the next token.</summary>
    public SqlEngineException Unexpected(string expected) => SqlSyntax.Unexpected(Sql, Current, expected);

    /// <summary>The error that something at the next token is not possible.</summary>
    public SqlEngineException Error(string sentence) => SqlSyntax.Error(Sql, Current.Start, sentence);

    private long TakeWhole(long value)
    {
        _next++;
        return value;
    }

    /// <summary>FROM of IS DISTINCT FROM ends nothing.</summary>
    private bool Is(SqlToken token, ReadOnlySpan<string> ends)
    {
        foreach (var end in ends)
        {
            if (token.Is(end) && !(token.Is("FROM") && _next > 0 && _tokens[_next - 1].Is("DISTINCT")))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Closes(SqlToken token) => token.Is(")") || token.Is("]") || token.Is("}") || token.Is("END");

    private static string Close(string open) => open switch { "(" => ")", "[" => "]", "{" => "}", _ => "END" };
}
