namespace PvLakehouse.Forecasting.Tracking.Search;

/// <summary>What a comparison or a sort order looks at.</summary>
/// <param name="Kind">Attribute, metric, parameter or tag.</param>
/// <param name="Key">Its name.</param>
internal readonly record struct FilterField(FieldKind Kind, string Key)
{
    public override string ToString() => Kind switch
    {
        FieldKind.Attribute => $"attributes.{Key}",
        FieldKind.Metric => $"metrics.{Key}",
        FieldKind.Param => $"params.{Key}",
        _ => $"tags.{Key}",
    };
}

/// <summary>Where a field is kept.</summary>
internal enum FieldKind
{
    Attribute,
    Metric,
    Param,
    Tag,
}

/// <summary>One comparison of a filter.</summary>
/// <param name="Field">What is compared.</param>
/// <param name="Operator">How, in upper case: =, !=, &lt;, &lt;=, &gt;, &gt;=, LIKE, ILIKE, IN, NOT IN.</param>
/// <param name="Values">With what: one value, or those of the list.</param>
internal sealed record FilterComparison(FilterField Field, string Operator, IReadOnlyList<FilterValue> Values);

/// <summary>A text, or a number when <see cref="Text"/> is null.</summary>
internal readonly record struct FilterValue(string? Text, double Number);

/// <summary>One term of a sort order.</summary>
internal sealed record OrderTerm(FilterField Field, bool IsDescending);
