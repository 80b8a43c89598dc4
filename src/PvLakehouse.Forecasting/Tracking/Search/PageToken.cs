using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PvLakehouse.Forecasting.Tracking.Search;

/// <summary>Where the next page of a search begins; a token serves only the search that gave it.</summary>
internal static class PageToken
{
    /// <summary>How many results the pages before had.</summary>
    /// <exception cref="TrackingException">The token is none, or of another search; or the page is too large.</exception>
    public static int Offset(SearchQuery query, string scope)
    {
        if (query.MaxResults is < 1 or > 50_000)
        {
            throw TrackingRules.Invalid(string.Create(
                CultureInfo.InvariantCulture, $"A page of {query.MaxResults} results was asked for; expected 1 to 50000."));
        }

        if (string.IsNullOrEmpty(query.PageToken))
        {
            return 0;
        }

        return query.PageToken.Split('-') is [var mark, var number] && mark == Mark(query, scope)
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : throw TrackingRules.Invalid($"'{query.PageToken}' is no page token of this search; begin it anew.");
    }

    /// <summary>Takes the results of one page, of which one more than asked for was read, and makes the token of the next.</summary>
    public static Page<T> Cut<T>(List<T> read, SearchQuery query, string scope)
    {
        if (read.Count <= query.MaxResults)
        {
            return new Page<T>(read, null);
        }

        read.RemoveRange(query.MaxResults, read.Count - query.MaxResults);
        return new Page<T>(read, string.Create(
            CultureInfo.InvariantCulture, $"{Mark(query, scope)}-{Offset(query, scope) + query.MaxResults}"));
    }

    private static string Mark(SearchQuery query, string scope)
    {
        var text = string.Join('\n', [scope, query.ViewType.ToString(), query.Filter ?? "", .. query.OrderBy]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
    }
}
