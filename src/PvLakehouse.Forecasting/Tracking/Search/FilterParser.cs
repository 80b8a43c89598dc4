using System.Globalization;

namespace PvLakehouse.Forecasting.Tracking.Search;

/// <summary>Reads MLflow's filter language: comparisons joined by AND, nothing else.</summary>
/// <remarks>Source: "Search Runs", MLflow 2.4 to 3 documentation. OR, parentheses around comparisons, IS NULL and datasets are
/// refused.</remarks>
internal sealed class FilterParser
{
    private readonly string _text;
    private readonly List<FilterToken> _tokens;
    private int _at;

    private FilterParser(string text)
    {
        _text = text;
        _tokens = FilterTokens.Of(text);
    }

    private FilterToken Current => _tokens[_at];

    /// <summary>The comparisons, all of which must hold; none for an empty filter.</summary>
    /// <exception cref="TrackingException">It is not of the language.</exception>
    public static IReadOnlyList<FilterComparison> ParseFilter(string? filter)
    {
        if (string.IsNullOrWhiteSpace(filter))
        {
            return [];
        }

        var parser = new FilterParser(filter);
        var comparisons = new List<FilterComparison> { parser.Comparison() };
        while (parser.Current.IsWord("AND"))
        {
            parser._at++;
            comparisons.Add(parser.Comparison());
        }

        parser.ExpectEnd("AND or the end");
        return comparisons;
    }

    /// <summary>One term of a sort order; ascending unless it says DESC.</summary>
    /// <exception cref="TrackingException">It is not of the language.</exception>
    public static OrderTerm ParseOrder(string order)
    {
        var parser = new FilterParser(order);
        var field = parser.Field();
        var descends = parser.Current.IsWord("DESC");
        if (descends || parser.Current.IsWord("ASC"))
        {
            parser._at++;
        }

        parser.ExpectEnd("ASC, DESC or the end");
        return new OrderTerm(field, descends);
    }

    private FilterComparison Comparison()
    {
        var field = Field();
        var comparison = Operator();
        return new FilterComparison(field, comparison, comparison is "IN" or "NOT IN" ? TextList() : [Value()]);
    }

    private FilterField Field()
    {
        var first = Take();
        if (first.Kind is not TokenKind.Word)
        {
            throw Expected("a name such as metrics.rmse, params.learner, tags.site or status", first);
        }

        if (Current is not { Kind: TokenKind.Sign, Text: "." })
        {
            return new FilterField(FieldKind.Attribute, first.Text);
        }

        _at++;
        var kind = first.Text.ToUpperInvariant() switch
        {
            "METRIC" or "METRICS" => FieldKind.Metric,
            "PARAM" or "PARAMS" or "PARAMETER" or "PARAMETERS" => FieldKind.Param,
            "TAG" or "TAGS" => FieldKind.Tag,
            "ATTRIBUTE" or "ATTRIBUTES" or "ATTR" or "RUN" => FieldKind.Attribute,
            _ => throw Expected("metrics, params, tags or attributes before the dot", first),
        };
        return new FilterField(kind, Key());
    }

    /// <summary>A key: quoted, or words and numbers with dots between, as in <c>mlflow.runName</c>.</summary>
    private string Key()
    {
        var first = Take();
        if (first.Kind is TokenKind.Quoted or TokenKind.Backquoted)
        {
            return first.Text;
        }

        var key = first.Kind is TokenKind.Word
            ? first.Text
            : throw Expected("a key, in backquotes when it has other characters than letters", first);
        while (Current is { Kind: TokenKind.Sign, Text: "." })
        {
            _at++;
            var part = Take();
            key = part.Kind is TokenKind.Word ? $"{key}.{part.Text}" : throw Expected("the rest of the key", part);
        }

        return key;
    }

    private string Operator()
    {
        var token = Take();
        if (token.Kind == TokenKind.Sign && token.Text is "=" or "!=" or "<" or "<=" or ">" or ">=")
        {
            return token.Text;
        }

        if (token.IsWord("NOT") && Current.IsWord("IN"))
        {
            _at++;
            return "NOT IN";
        }

        return token.IsWord("LIKE") || token.IsWord("ILIKE") || token.IsWord("IN")
            ? token.Text.ToUpperInvariant()
            : throw Expected("a comparison (=, !=, <, <=, >, >=, LIKE, ILIKE, IN, NOT IN)", token);
    }

    private List<FilterValue> TextList()
    {
        ExpectSign("(");
        var values = new List<FilterValue> { Text() };
        while (Current is { Kind: TokenKind.Sign, Text: "," })
        {
            _at++;
            values.Add(Text());
        }

        ExpectSign(")");
        return values;

        FilterValue Text()
        {
            var token = Take();
            return token.Kind == TokenKind.Quoted ? new(token.Text, double.NaN) : throw Expected("a quoted text", token);
        }
    }

    private FilterValue Value()
    {
        var token = Take();
        return token.Kind switch
        {
            TokenKind.Quoted => new(token.Text, double.NaN),
            TokenKind.Number when double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
                new(null, number),
            _ => throw Expected("a number or a quoted text", token),
        };
    }

    private void ExpectSign(string sign)
    {
        if (Take() is var token && (token.Kind != TokenKind.Sign || token.Text != sign))
        {
            throw Expected($"'{sign}'", token);
        }
    }

    private void ExpectEnd(string expected)
    {
        if (Current.Kind != TokenKind.End)
        {
            throw Expected(expected, Current);
        }
    }

    private FilterToken Take() => Current.Kind == TokenKind.End ? Current : _tokens[_at++];

    private TrackingException Expected(string expected, FilterToken found) => FilterTokens.Refuse(
        _text, string.Create(CultureInfo.InvariantCulture, $"expected {expected} at character {found.Position}, found {found}"));
}
