namespace PvLakehouse.Engine.Sql.Text;

/// <summary>Cuts SQL into tokens by the lexical rules that DuckDB shares with PostgreSQL, and Spark's backticks.</summary>
/// <remarks>What stands in a string, a quoted name or a comment is never taken for syntax.</remarks>
internal sealed class SqlTokenizer
{
    private readonly string _sql;
    private readonly List<SqlToken> _tokens = [];
    private int _next;

    private SqlTokenizer(string sql) => _sql = sql;

    /// <summary>All tokens, the last of them <see cref="SqlTokenKind.End"/>.</summary>
    /// <exception cref="SqlEngineException">A quotation or a comment is not closed.</exception>
    public static IReadOnlyList<SqlToken> Tokenize(string sql)
    {
        var tokenizer = new SqlTokenizer(sql);
        tokenizer.Run();
        return tokenizer._tokens;
    }

    private void Run()
    {
        while (true)
        {
            SkipSpace();
            if (_next >= _sql.Length)
            {
                _tokens.Add(new SqlToken(SqlTokenKind.End, _sql.Length, 0, ""));
                return;
            }

            One();
        }
    }

    private void One()
    {
        var c = _sql[_next];
        switch (c)
        {
            case '\'':
                Quoted(SqlTokenKind.Text, '\'', _next, backslash: false, "string");
                break;
            case 'e' or 'E' when At(1) == '\'':
                Quoted(SqlTokenKind.Text, '\'', _next + 1, backslash: true, "string");
                break;
            case '"':
                Quoted(SqlTokenKind.QuotedName, '"', _next, backslash: false, "quoted name");
                break;
            case '`':
                Quoted(SqlTokenKind.QuotedName, '`', _next, backslash: false, "quoted name");
                break;
            case '$':
                Dollar();
                break;
            case '?':
                Add(SqlTokenKind.Parameter, _next + 1);
                break;
            case '.' when char.IsAsciiDigit(At(1)):
            case >= '0' and <= '9':
                Number();
                break;
            default:
                if (IsWordStart(c))
                {
                    Add(SqlTokenKind.Word, EndOfWord(_next));
                }
                else
                {
                    var pair = (c, At(1)) is ('=', '>') or (':', ':');
                    Add(SqlTokenKind.Symbol, _next + (pair ? 2 : 1));
                }

                break;
        }
    }

    private void SkipSpace()
    {
        while (_next < _sql.Length)
        {
            if (char.IsWhiteSpace(_sql[_next]))
            {
                _next++;
            }
            else if (_sql[_next] == '-' && At(1) == '-')
            {
                var end = _sql.IndexOf('\n', _next);
                _next = end < 0 ? _sql.Length : end + 1;
            }
            else if (_sql[_next] == '/' && At(1) == '*')
            {
                Comment();
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Comments nest, as in PostgreSQL.</summary>
    private void Comment()
    {
        var start = _next;
        var depth = 0;
        do
        {
            if (_next + 1 >= _sql.Length)
            {
                throw SqlSyntax.Error(_sql, start, "a comment begins here and has no end; expected */.");
            }

            var step = (_sql[_next], _sql[_next + 1]) switch
            {
                ('/', '*') => 1,
                ('*', '/') => -1,
                _ => 0,
            };
            depth += step;
            _next += step == 0 ? 1 : 2;
        }
        while (depth > 0);
    }

    private void Quoted(SqlTokenKind kind, char quote, int open, bool backslash, string what)
    {
        var text = new System.Text.StringBuilder();
        var i = open + 1;
        while (true)
        {
            if (i >= _sql.Length)
            {
                throw SqlSyntax.Error(_sql, open, $"a {what} begins here and has no end; expected {quote}.");
            }

            if (_sql[i] == quote)
            {
                if (i + 1 >= _sql.Length || _sql[i + 1] != quote)
                {
                    break;
                }

                i++;
            }
            else if (backslash && _sql[i] == '\\' && i + 1 < _sql.Length)
            {
                i++;
                text.Append(_sql[i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', var other => other });
                i++;
                continue;
            }

            text.Append(_sql[i]);
            i++;
        }

        _tokens.Add(new SqlToken(kind, _next, i + 1 - _next, text.ToString()));
        _next = i + 1;
    }

    /// <summary>A parameter <c>$name</c>, or a text between <c>$$</c> or <c>$tag$</c>.</summary>
    private void Dollar()
    {
        var end = char.IsAsciiDigit(At(1)) ? EndOf(_next + 1, char.IsAsciiDigit) : EndOf(_next + 1, c => IsWordPart(c) && c != '$');
        if (end < _sql.Length && _sql[end] == '$')
        {
            var tag = _sql[_next..(end + 1)];
            var close = _sql.IndexOf(tag, end + 1, StringComparison.Ordinal);
            if (close < 0)
            {
                throw SqlSyntax.Error(_sql, _next, $"a string begins here and has no end; expected {tag}.");
            }

            _tokens.Add(new SqlToken(SqlTokenKind.Text, _next, close + tag.Length - _next, _sql[(end + 1)..close]));
            _next = close + tag.Length;
        }
        else
        {
            Add(end > _next + 1 ? SqlTokenKind.Parameter : SqlTokenKind.Symbol, end);
        }
    }

    private void Number()
    {
        var end = EndOf(_next, c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.');

        // The sign of an exponent, unless the number is hexadecimal.
        if (end < _sql.Length && _sql[end] is '+' or '-' && _sql[end - 1] is 'e' or 'E' && !_sql.AsSpan(_next).StartsWith("0x"))
        {
            end = EndOf(end + 1, char.IsAsciiDigit);
        }

        Add(SqlTokenKind.Number, end);
    }

    private void Add(SqlTokenKind kind, int end)
    {
        _tokens.Add(new SqlToken(kind, _next, end - _next, _sql[_next..end]));
        _next = end;
    }

    private char At(int offset) => _next + offset < _sql.Length ? _sql[_next + offset] : '\0';

    private int EndOfWord(int start) => EndOf(start, IsWordPart);

    private int EndOf(int start, Func<char, bool> belongs)
    {
        var end = start;
        while (end < _sql.Length && belongs(_sql[end]))
        {
            end++;
        }

        return end;
    }

    private static bool IsWordStart(char c) => c == '_' || char.IsLetter(c) || c > '\x7f';

    private static bool IsWordPart(char c) => IsWordStart(c) || char.IsDigit(c) || c == '$';
}
