namespace PvLakehouse.Forecasting.Tracking;

/// <summary>What a search looks for, in MLflow's filter language.</summary>
/// <remarks>
/// A filter is comparisons joined by AND: <c>metrics.rmse &lt; 0.1 and params.learner = 'lightgbm' and tags.site LIKE 'NY%'</c>.
/// Keys with other characters than letters, digits, underscores and dots stand in backquotes or double quotes. Texts compare by =, !=, LIKE
/// and ILIKE, attributes also by IN and NOT IN; numbers by =, !=, &lt;, &lt;=, &gt; and &gt;=. What has no such metric, parameter or tag
/// does not match.
/// </remarks>
public sealed record SearchQuery
{
    /// <summary>Everything, in the order of the store.</summary>
    public static SearchQuery Everything { get; } = new();

    /// <summary>The filter; null or empty lets everything through.</summary>
    public string? Filter { get; init; }

    /// <summary>What to sort by, for example <c>metrics.rmse ASC</c>; what lacks the value comes last.</summary>
    public IReadOnlyList<string> OrderBy { get; init; } = [];

    /// <summary>Most results of one page, 1 to 50,000. Default 1,000.</summary>
    public int MaxResults { get; init; } = 1000;

    /// <summary>Where to go on: <see cref="Page{T}.NextPageToken"/> of the page before, of the same search; null begins.</summary>
    public string? PageToken { get; init; }

    /// <summary>Whether deleted ones are looked at; only experiments and runs can be deleted and still be found.</summary>
    public ViewType ViewType { get; init; }
}

/// <summary>Some results of a search.</summary>
/// <param name="Items">The results, in order.</param>
/// <param name="NextPageToken">What to ask with for more; null when these were the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextPageToken);
