using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary>Reads query parameters as the web framework does: lists are repeated parameters, unknown parameters are ignored.</summary>
internal sealed class QueryReader(IQueryCollection query, ValidationErrors errors)
{
    /// <summary>A list of free texts.</summary>
    public IReadOnlyList<string> Texts(string parameter, int most = int.MaxValue)
    {
        string[] values = [.. query[parameter].OfType<string>()];
        if (values.Length > most)
        {
            errors.TooLong(parameter, values, most);
        }

        return values;
    }

    /// <summary>A list of which every item is one of the allowed texts.</summary>
    public IReadOnlyList<string> Choices(string parameter, IReadOnlyList<string> allowed)
    {
        var values = Texts(parameter);
        for (var i = 0; i < values.Count; i++)
        {
            if (!allowed.Contains(values[i], StringComparer.Ordinal))
            {
                errors.NotOneOf(parameter, i, values[i], allowed);
            }
        }

        return values;
    }

    /// <summary>A free text; of a repeated parameter the last one counts.</summary>
    public string? Text(string parameter) => query[parameter] is [.., { } last] ? last : null;

    /// <summary>One of the allowed texts; of a repeated parameter the last one counts.</summary>
    public string? Choice(string parameter, IReadOnlyList<string> allowed)
    {
        var value = Text(parameter);
        if (value is not null && !allowed.Contains(value, StringComparer.Ordinal))
        {
            errors.NotOneOf(parameter, index: null, value, allowed);
        }

        return value;
    }

    /// <summary>A date or a date and time.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="isNaive">False when the text carries an offset or Z, which this API refuses.</param>
    public DateTime? Date(string parameter, out bool isNaive)
    {
        isNaive = true;
        var text = Text(parameter);
        if (text is null)
        {
            return null;
        }

        string[] formats =
        [
            "yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFF",
            "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFK",
        ];
        // A plus sign that the client did not escape arrives as a blank, as at the real server.
        var normal = text.Length > 10 && text[10] is ' ' or 't' or '_' ? string.Concat(text.AsSpan(0, 10), "T", text.AsSpan(11)) : text;
        if (DateTimeOffset.TryParseExact(normal, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            isNaive = !(normal.EndsWith('Z') || normal.LastIndexOfAny(['+', '-']) > 10);
            return date.DateTime;
        }

        errors.NotADate(parameter, text, text.Length < 10 ? "input is too short" : "invalid date or time");
        return null;
    }
}
