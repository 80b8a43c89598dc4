using System.Runtime.CompilerServices;

namespace PvLakehouse.Forecasting.Tracking;

/// <summary>Walks through the pages of a search.</summary>
public static class Paging
{
    /// <summary>All results, page by page as they are consumed.</summary>
    /// <param name="query">What to look for; its page token is where it begins.</param>
    /// <param name="search">Gets one page.</param>
    /// <param name="cancellationToken">Stops between pages.</param>
    public static async IAsyncEnumerable<T> AllAsync<T>(
        SearchQuery query,
        Func<SearchQuery, CancellationToken, Task<Page<T>>> search,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(search);
        for (var next = query; next is not null;)
        {
            var page = await search(next, cancellationToken);
            foreach (var item in page.Items)
            {
                yield return item;
            }

            next = page.NextPageToken is { } token ? next with { PageToken = token } : null;
        }
    }
}
