using System.Globalization;
using System.Text;

namespace PvLakehouse.Forecasting.Tracking.Search;

/// <summary>Turns a filter and an order into conditions and terms of SQLite; all values are bound.</summary>
internal sealed class FilterSql
{
    private readonly SearchSchema _schema;
    private readonly List<(string Name, object? Value)> _parameters = [];

    private FilterSql(SearchSchema schema, SearchQuery query)
    {
        _schema = schema;
        Condition = string.Concat(FilterParser.ParseFilter(query.Filter).Select(c => $" AND {Compare(c)}"));
        Order = string.Concat(query.OrderBy.Select(o => Term(FilterParser.ParseOrder(o)))) + schema.Order;
    }

    /// <summary>Conditions on the table <c>e</c>, each begun by AND.</summary>
    public string Condition { get; }

    /// <summary>Terms of the order.</summary>
    public string Order { get; }

    /// <summary>The bound values.</summary>
    public (string Name, object? Value)[] Parameters => [.. _parameters];

    /// <exception cref="TrackingException">The filter or the order is not of the language, or names what is not there.</exception>
    public static FilterSql Of(SearchSchema schema, SearchQuery query) => new(schema, query);

    private string Compare(FilterComparison comparison)
    {
        if (comparison.Field.Kind == FieldKind.Attribute)
        {
            var column = Attribute(comparison.Field);
            return Comparison(column.Sql, column.IsNumber, mayList: true, comparison);
        }

        var isMetric = comparison.Field.Kind == FieldKind.Metric;
        var condition = Comparison("v.value", isMetric, mayList: false, comparison);

        // A metric that is not a number is unequal to every number, and nothing else.
        var value = !isMetric ? condition
            : comparison.Operator == "!=" ? $"(v.is_nan OR {condition})"
            : $"NOT v.is_nan AND {condition}";
        return $"EXISTS (SELECT 1 FROM {Keyed(comparison.Field)} AND v.key = {Bind(comparison.Field.Key)} AND {value})";
    }

    private string Comparison(string sql, bool isNumber, bool mayList, FilterComparison comparison)
    {
        var (symbol, values) = (comparison.Operator, comparison.Values);
        var fits = isNumber
            ? symbol is "=" or "!=" or "<" or "<=" or ">" or ">=" && values[0].Text is null
            : (symbol is "=" or "!=" or "LIKE" or "ILIKE" && values[0].Text is not null) || (mayList && symbol is "IN" or "NOT IN");
        if (!fits)
        {
            throw TrackingRules.Invalid(isNumber
                ? $"{comparison.Field} is a number; it compares by =, !=, <, <=, > and >= with a number, not by {symbol}"
                    + $"{(values[0].Text is null ? "" : " with a text")}."
                : $"{comparison.Field} is a text; it compares by =, !=, LIKE{(mayList ? ", ILIKE, IN and NOT IN" : " and ILIKE")} with "
                    + $"quoted texts, not by {symbol}{(values[0].Text is null ? " with a number" : "")}.");
        }

        return symbol switch
        {
            "LIKE" => $"{sql} GLOB {Bind(Glob(values[0].Text!))}",
            "ILIKE" => $"{sql} LIKE {Bind(values[0].Text)}",
            "IN" or "NOT IN" => $"{sql} {symbol} ({string.Join(", ", values.Select(v => Bind(v.Text)))})",
            _ => $"{sql} {symbol} {Bind(isNumber ? values[0].Number : values[0].Text)}",
        };
    }

    private string Term(OrderTerm term)
    {
        var sql = term.Field.Kind switch
        {
            FieldKind.Attribute => Attribute(term.Field).Sql,
            FieldKind.Metric =>
                $"(SELECT CASE WHEN v.is_nan THEN NULL ELSE v.value END FROM {Keyed(term.Field)} AND v.key = {Bind(term.Field.Key)})",
            _ => $"(SELECT v.value FROM {Keyed(term.Field)} AND v.key = {Bind(term.Field.Key)})",
        };
        return $"{sql} {(term.IsDescending ? "DESC" : "ASC")} NULLS LAST, ";
    }

    private SearchColumn Attribute(FilterField field) => _schema.Attributes.TryGetValue(field.Key, out var column)
        ? column
        : throw TrackingRules.Invalid(
            $"{_schema.What} have no attribute '{field.Key}'; they have {string.Join(", ", _schema.Attributes.Keys)}.");

    private string Keyed(FilterField field) => _schema.Keyed.TryGetValue(field.Kind, out var table)
        ? table
        : throw TrackingRules.Invalid($"{_schema.What} cannot be searched by {field}.");

    private string Bind(object? value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"$f{_parameters.Count}");
        _parameters.Add((name, value));
        return name;
    }

    /// <summary>The pattern for GLOB, which tells capitals from small letters as LIKE of MLflow does and LIKE of SQLite does not.</summary>
    private static string Glob(string like)
    {
        var glob = new StringBuilder();
        foreach (var c in like)
        {
            glob.Append(c switch
            {
                '%' => "*",
                '_' => "?",
                '*' or '?' or '[' => $"[{c}]",
                _ => c.ToString(),
            });
        }

        return glob.ToString();
    }
}
