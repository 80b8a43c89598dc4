using System.Globalization;
using System.Text.RegularExpressions;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>Reads the time window of a request: days, hours, or days around today.</summary>
internal sealed partial class WindowReader(WeatherRoute route, DateTimeOffset now)
{
    private static readonly string[] DayCounts = ["past_days", "forecast_days"];

    /// <summary>The windows, at least one.</summary>
    /// <exception cref="OpenMeteoError">The server would refuse them.</exception>
    public IReadOnlyList<DayWindow> Read(WeatherParameters parameters)
    {
        var isByDate = parameters.Has("start_date") || parameters.Has("end_date");
        var isByHour = parameters.Has("start_hour") || parameters.Has("end_hour");
        if (!isByDate && !isByHour)
        {
            return [AroundToday(parameters)];
        }

        foreach (var name in DayCounts.Where(parameters.Has))
        {
            throw OpenMeteoError.BadRequest($"Parameter '{name}' is mutually exclusive with 'start_date' and 'end_date'");
        }

        return isByHour
            ? Read(parameters, "start_hour", "end_hour", Hour, length: TimeSpan.FromHours(1))
            : Read(parameters, "start_date", "end_date", Day, length: TimeSpan.FromDays(1));
    }

    private DayWindow AroundToday(WeatherParameters parameters)
    {
        if (route.MostPastDays is not { } mostPast)
        {
            throw OpenMeteoError.BadRequest("Both 'start_date' and 'end_date' must be set in the url");
        }

        var past = Days(parameters, "past_days", "Past days", mostPast) ?? 0;
        var ahead = Days(parameters, "forecast_days", "Forecast days", route.MostForecastDays) ?? route.ForecastDays;
        return new(Start: null, (past + ahead) * 24, past, now);
    }

    private static int? Days(WeatherParameters parameters, string name, string words, int most) => parameters.Integer(name) switch
    {
        { } days when days < 0 || days > most => throw OpenMeteoError.BadRequest($"{words} is invalid. Allowed range 0 to {most}. Given {days}."),
        var days => days,
    };

    private DayWindow[] Read(
        WeatherParameters parameters, string startName, string endName, Func<string, DateTime> parse, TimeSpan length)
    {
        DateTime[] starts = [.. parameters.List(startName).Select(parse)];
        DateTime[] ends = [.. parameters.List(endName).Select(parse)];
        if (starts.Length != ends.Length)
        {
            throw OpenMeteoError.BadRequest($"Parameter '{startName}' and '{endName}' must have the same number of elements");
        }

        return [.. starts.Zip(ends, (start, end) =>
        {
            if (end < start)
            {
                throw OpenMeteoError.BadRequest("End-date must be larger or equals than start-date");
            }

            RequireAllowed(startName, start);
            RequireAllowed(endName, end);
            return new DayWindow(start, (int)(end - start + length).TotalHours, DaysBefore: 0, now);
        })];
    }

    private void RequireAllowed(string name, DateTime time)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var (first, last) = (route.FirstDay(today), today.AddDays(route.DaysAhead));
        var day = DateOnly.FromDateTime(time);
        if (day < first || day > last)
        {
            throw OpenMeteoError.BadRequest(
                $"Parameter '{name}' is out of allowed range from {first:yyyy-MM-dd} to {last:yyyy-MM-dd}");
        }
    }

    private static DateTime Day(string text) => Parse(text, "yyyy-MM-dd", "YYYY-MM-DD");

    private static DateTime Hour(string text)
    {
        var time = Parse(text, "yyyy-MM-dd'T'HH:mm", "YYYY-MM-DDTHH:mm");
        return time.AddMinutes(-time.Minute);
    }

    private static DateTime Parse(string text, string format, string formatInWords)
    {
        if (DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time;
        }

        throw OpenMeteoError.BadRequest(ShapeOfADate().IsMatch(text) && text.Length == formatInWords.Length
            ? "Invalid date"
            : $"Invalid date format. Make sure to use '{formatInWords}'");
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShapeOfADate();
}
