using System.Globalization;
using System.Text.RegularExpressions;

namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>Reads the server's own limit out of "Date range too large for 1h interval. Maximum range is 32
/// days."</summary>
internal static partial class RangeRefusal
{
    /// <summary>The longest range that the server accepts [days]; null when the text is about something else.</summary>
    public static int? MaxDays(string? text) =>
        text is not null
        && Pattern().Match(text) is { Success: true } match
        && int.TryParse(match.Groups["days"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var days)
        && days > 0
            ? days
            : null;

    [GeneratedRegex(@"Maximum range is (?<days>\d{1,6}) days?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Pattern();
}
