using System.Globalization;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Sources.OpenMeteo;

/// <summary>Which requests a read of Open-Meteo takes: a pure function of query, limits and the present.</summary>
public static class OpenMeteoPlan
{
    private const int HoursPerDay = 24;

    /// <summary>The requests for weather: old days from the archive, recent ones from the forecast service.</summary>
    public static IReadOnlyList<HourlyRequest> Weather(HourlyQuery query, OpenMeteoOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        var last = LastObserved(query, now);
        var firstRecent = options.RecentDays == 0
            ? last.AddHours(1)
            : StartOfDay(UtcHour.Containing(now)).AddHours(HoursPerDay * (1 - options.RecentDays));
        return
        [
            .. Plan(query, options, SourceNames.WeatherArchive, query.First, Earlier(last, firstRecent.AddHours(-1))),
            .. Plan(query, options, SourceNames.WeatherForecast, Later(query.First, firstRecent), last),
        ];
    }

    /// <summary>The requests for air quality.</summary>
    public static IReadOnlyList<HourlyRequest> AirQuality(HourlyQuery query, OpenMeteoOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        return [.. Plan(query, options, SourceNames.AirQuality, query.First, LastObserved(query, now))];
    }

    /// <summary>The requests for weather as it was forecast, of stamps past and to come.</summary>
    public static IReadOnlyList<HourlyRequest> Forecast(HourlyQuery query, OpenMeteoOptions options)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        return [.. Plan(query, options, SourceNames.WeatherPreviousRuns, query.First, query.Last)];
    }

    /// <summary>The variables of an endpoint.</summary>
    internal static IReadOnlyList<HourlyVariable> VariablesOf(string endpoint) => endpoint switch
    {
        SourceNames.WeatherArchive or SourceNames.WeatherForecast => WeatherVariables.All,
        SourceNames.WeatherPreviousRuns => ForecastVariables.All,
        SourceNames.AirQuality => AirQualityVariables.All,
        _ => throw new ArgumentException($"'{endpoint}' is no endpoint of Open-Meteo.", nameof(endpoint)),
    };

    private static IEnumerable<HourlyRequest> Plan(
        HourlyQuery query, OpenMeteoOptions options, string endpoint, UtcHour first, UtcHour last)
    {
        if (last < first)
        {
            yield break;
        }

        var variables = VariablesOf(endpoint).Count;
        var days = DaysPerRequest(options, variables, 1 + ((StartOfDay(last) - StartOfDay(first)) / HoursPerDay));
        foreach (var locations in Groups(query.Facilities, LocationsPerRequest(options, variables, days)))
        {
            for (var start = first; start <= last;)
            {
                var end = Earlier(last, StartOfDay(start).AddHours((HoursPerDay * days) - 1));
                yield return Request(options, endpoint, locations, start, end);
                start = end.AddHours(1);
            }
        }
    }

    /// <summary>As many days as one location may have.</summary>
    private static int DaysPerRequest(OpenMeteoOptions options, int variables, int wanted)
    {
        var days = Math.Min(wanted, options.MaxDaysPerRequest);
        days = Math.Min(days, options.MaxValuesPerRequest / (HoursPerDay * variables));
        while (days > 1 && CallWeight.Of(variables, days) > options.MaxWeightPerRequest)
        {
            days--;
        }

        return Math.Max(1, days);
    }

    private static int LocationsPerRequest(OpenMeteoOptions options, int variables, int days)
    {
        var byWeight = options.MaxWeightPerRequest / CallWeight.Of(variables, days);
        var byValues = options.MaxValuesPerRequest / (HoursPerDay * variables * days);
        return Math.Max(1, (int)Math.Min(options.MaxLocationsPerRequest, Math.Min(byWeight, byValues)));
    }

    /// <summary>Groups of nearly equal size, so that no request is left with a single farm while others are
    /// full.</summary>
    private static IEnumerable<SourceFacility[]> Groups(IReadOnlyList<SourceFacility> facilities, int largest)
    {
        var groups = (facilities.Count + largest - 1) / largest;
        return facilities.Chunk((facilities.Count + groups - 1) / groups);
    }

    private static HourlyRequest Request(
        OpenMeteoOptions options, string endpoint, SourceFacility[] locations, UtcHour first, UtcHour last)
    {
        var address = endpoint switch
        {
            SourceNames.WeatherArchive => options.ArchiveAddress,
            SourceNames.WeatherForecast => options.ForecastAddress,
            SourceNames.WeatherPreviousRuns => options.PreviousRunsAddress,
            _ => options.AirQualityAddress,
        };
        var variables = VariablesOf(endpoint);

        // Always GMT: for any other zone the server shifts the whole series by the offset of the day of the request.
        var query = $"latitude={Degrees(locations, place => place.Latitude)}"
            + $"&longitude={Degrees(locations, place => place.Longitude)}"
            + $"&hourly={string.Join(',', variables)}&start_date={Day(first)}&end_date={Day(last)}&timezone=GMT";
        return new()
        {
            Address = new UriBuilder(address) { Query = query }.Uri,
            Facilities = locations,
            Endpoint = endpoint,
            First = first,
            Last = last,
            Variables = variables,
        };
    }

    /// <summary>Five decimals, about a metre: finer than any grid cell.</summary>
    private static string Degrees(SourceFacility[] locations, Func<SourceFacility, double?> coordinate) =>
        string.Join(',', locations.Select(place => coordinate(place)!.Value.ToString("F5", CultureInfo.InvariantCulture)));

    private static string Day(UtcHour hour) => hour.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Stamps after the current hour would be forecasts.</summary>
    private static UtcHour LastObserved(HourlyQuery query, DateTimeOffset now) => Earlier(query.Last, UtcHour.Containing(now));

    private static UtcHour StartOfDay(UtcHour hour) => UtcHour.StartingAt(new(hour.Start.UtcDateTime.Date, TimeSpan.Zero));

    private static UtcHour Earlier(UtcHour left, UtcHour right) => left < right ? left : right;

    private static UtcHour Later(UtcHour left, UtcHour right) => left > right ? left : right;
}
