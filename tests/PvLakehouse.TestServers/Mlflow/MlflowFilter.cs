using System.Globalization;
using System.Text.RegularExpressions;

namespace PvLakehouse.TestServers.Mlflow;

/// <summary>Searches lists, by a small reading of MLflow's filter language that has nothing in common with the product's.</summary>
internal static class MlflowFilter
{
    private const RegexOptions Loose = RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const string Field = @"^\s*((?<kind>\w+)\.)?(`(?<key>[^`]*)`|""(?<key>[^""]*)""|(?<key>[\w.]+))";

    /// <summary>One page of what a filter lets through.</summary>
    /// <param name="items">All.</param>
    /// <param name="valueOf">The value of a field: kind ("" for attributes), key; null when there is none.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="orders">The orders.</param>
    /// <param name="max">Most results.</param>
    /// <param name="token">Where to begin.</param>
    public static (List<T> Items, string? Next) Page<T>(
        IEnumerable<T> items, Func<T, string, string, object?> valueOf, string? filter, IReadOnlyList<string> orders, long max,
        string? token)
    {
        var conditions = (filter ?? "").Length == 0 ? [] : Regex.Split(filter!, @"\s+and\s+", Loose, Patience);
        var tests = conditions.Select(c => Condition<T>(c, valueOf)).ToList();
        var found = items.Where(i => tests.TrueForAll(t => t(i))).ToList();
        foreach (var order in orders.Reverse())
        {
            var match = Regex.Match(order, Field + @"\s*(?<way>ASC|DESC)?\s*$", Loose, Patience);
            Require(match.Success, order);
            object? Value(T item) => valueOf(item, KindOf(match), match.Groups["key"].Value);
            var descends = match.Groups["way"].Value.Equals("DESC", StringComparison.OrdinalIgnoreCase);
            var comparer = Comparer<object?>.Create((x, y) => Compare(x!, y!) * (descends ? -1 : 1));
            found = [.. found.Where(i => Value(i) is not null).OrderBy(Value, comparer), .. found.Where(i => Value(i) is null)];
        }

        var offset = string.IsNullOrEmpty(token) ? 0 : int.Parse(token, NumberStyles.None, CultureInfo.InvariantCulture);
        var next = offset + max < found.Count ? (offset + max).ToString(CultureInfo.InvariantCulture) : null;
        return ([.. found.Skip(offset).Take((int)max)], next);
    }

    private static Predicate<T> Condition<T>(string text, Func<T, string, string, object?> valueOf)
    {
        var match = Regex.Match(
            text, Field + @"\s*(?<op>!=|<=|>=|=|<|>|\bLIKE\b|\bILIKE\b|\bNOT\s+IN\b|\bIN\b)\s*(?<value>.+)$", Loose, Patience);
        Require(match.Success, text);
        var (kind, key, symbol, value) = (
            KindOf(match), match.Groups["key"].Value, match.Groups["op"].Value.ToUpperInvariant(), match.Groups["value"].Value.Trim());
        if (symbol.EndsWith("IN", StringComparison.Ordinal) && value is ['(', .., ')'])
        {
            var list = value[1..^1].Split(',').Select(v => Unquote(v.Trim(), text)).ToHashSet(StringComparer.Ordinal);
            return item => valueOf(item, kind, key) is string found && list.Contains(found) == (symbol == "IN");
        }

        if (value[0] is '\'' or '"')
        {
            Require(kind != "metrics", text);
            var expected = Unquote(value, text);
            var pattern = "^" + Regex.Escape(expected).Replace("%", ".*", StringComparison.Ordinal).Replace('_', '.') + "$";
            return item => valueOf(item, kind, key) is string found && symbol switch
            {
                "=" => found == expected,
                "!=" => found != expected,
                "LIKE" => Regex.IsMatch(found, pattern, RegexOptions.Singleline, Patience),
                "ILIKE" => Regex.IsMatch(found, pattern, RegexOptions.Singleline | RegexOptions.IgnoreCase, Patience),
                _ => throw MlflowException.Invalid($"Invalid comparator '{symbol}' in {text}"),
            };
        }

        Require(double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && kind is "metrics" or "", text);
        return item => valueOf(item, kind, key) is { } found && Convert.ToDouble(
            found, CultureInfo.InvariantCulture) is var x && symbol switch
        {
            "=" => x == number,
            "!=" => x != number,
            "<" => x < number,
            "<=" => x <= number,
            ">" => x > number,
            ">=" => x >= number,
            _ => throw MlflowException.Invalid($"Invalid comparator '{symbol}' in {text}"),
        };
    }

    private static string KindOf(Match match) => match.Groups["kind"].Value switch
    {
        "" or "attributes" or "attribute" => "",
        "metrics" or "metric" => "metrics",
        "params" or "param" => "params",
        "tags" or "tag" => "tags",
        var kind => throw MlflowException.Invalid($"Invalid entity type '{kind}'"),
    };

    private static string Unquote(string value, string text)
    {
        Require(value.Length > 1 && value[0] is '\'' or '"' && value[^1] == value[0] && !value[1..^1].Contains(value[0]), text);
        return value[1..^1];
    }

    private static int Compare(object x, object y) => x is string text
        ? string.CompareOrdinal(text, (string)y)
        : Convert.ToDouble(x, CultureInfo.InvariantCulture).CompareTo(Convert.ToDouble(y, CultureInfo.InvariantCulture));

    private static void Require(bool holds, string text)
    {
        if (!holds)
        {
            throw MlflowException.Invalid($"Invalid clause(s) in filter string: '{text}'");
        }
    }
}
