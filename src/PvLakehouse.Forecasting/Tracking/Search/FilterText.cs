namespace PvLakehouse.Forecasting.Tracking.Search;

/// <summary>Builds filters.</summary>
public static class FilterText
{
    /// <summary>A text in the quotes that it does not hold itself; the language knows no escapes.</summary>
    /// <exception cref="TrackingException">It holds both kinds of quotes.</exception>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return !text.Contains('\'', StringComparison.Ordinal) ? $"'{text}'"
            : !text.Contains('"', StringComparison.Ordinal) ? $"\"{text}\""
            : throw TrackingRules.Invalid($"A filter cannot look for {text}, because it holds both kinds of quotes.");
    }

    /// <summary>A field such as <c>tags.`pvlake.site`</c>, its key in backquotes.</summary>
    /// <param name="kind">metrics, params or tags.</param>
    /// <param name="key">The key.</param>
    public static string Field(string kind, string key) => $"{kind}.`{key}`";
}
