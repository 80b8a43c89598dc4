using System.Globalization;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>Decides which days of which farms a load asks for.</summary>
/// <remarks>
/// Every farm has days of its own. A load without window brings what lies between the start of the newest unbroken stretch of days that the
/// lake holds for any farm and yesterday: so missed days are caught up, and a farm that came later gets the history that the others have.
/// Once a day of the network it also reads again the last days before the new ones.
/// </remarks>
/// <param name="request">What is asked for.</param>
/// <param name="source">What is loaded: how far ahead it looks, and what tells the farms' days at its resolution from those at others.</param>
/// <param name="state">What the table says of its loads.</param>
/// <param name="now">The clock.</param>
internal sealed class SeriesDays(IngestRequest request, ISeriesSource source, SeriesState state, DateTimeOffset now)
{
    // Some hundred thousand rows a commit: few files, little memory, little to repeat after an interruption.
    private const int MostRowsOfSlice = 1_000_000;
    private const int MostDaysOfSlice = 366;

    // The global models run at 00, 06, 12 and 18 UTC.
    private const int HoursBetweenRuns = 6;

    private readonly Coverage _coverage = state.Coverage;

    /// <summary>The name under which a farm's days are kept.</summary>
    public string KeyOf(KnownFacility farm) => farm.Code + source.Suffix;

    /// <summary>The last day that may count as done: over, and published. The WEM publishes a day about 24 hours late.</summary>
    public DateOnly LastCompleteDay(NetworkClock clock) => clock.DayOf(now).AddDays(clock == NetworkClock.Wem ? -2 : -1);

    /// <summary>Whether a load notes that it has asked for the newest days of today.</summary>
    public bool NotesToday => request.Window is null;

    /// <summary>
    /// Under which name and day it is noted that a farm's newest days were asked for: the day of its market, or, of forecasts, the newest run of the
    /// models.
    /// </summary>
    public (string Key, DateOnly Day) AskedOf(KnownFacility farm, NetworkClock clock) => source.DaysAhead == 0
        ? (KeyOf(farm), clock.DayOf(now))
        : (string.Create(CultureInfo.InvariantCulture, $"{KeyOf(farm)}+{now.UtcDateTime.Hour / HoursBetweenRuns * HoursBetweenRuns:00}Z"),
            DateOnly.FromDateTime(now.UtcDateTime));

    /// <summary>What is to be asked for, oldest first: farms of one network that lack the same days, in pieces of bounded size.</summary>
    /// <param name="facilities">The farms.</param>
    /// <param name="rowsPerDay">Rows of a farm and day.</param>
    public IReadOnlyList<SeriesSlice> Slices(IReadOnlyList<KnownFacility> facilities, int rowsPerDay)
    {
        var wanted =
            from farm in facilities
            let clock = NetworkClock.Of(farm.Source.NetworkId)
            from days in Wanted(farm, clock)
            group farm by (clock, days) into farms
            orderby farms.Key.days.First, farms.Key.clock.NetworkId
            select farms;
        var slices =
            from farms in wanted
            let days = Math.Clamp(MostRowsOfSlice / rowsPerDay / farms.Count(), 1, MostDaysOfSlice)
            from piece in farms.Key.days.Split(days)
            select new SeriesSlice(farms.Key.clock, piece, [.. farms]);
        return [.. slices];
    }

    private IEnumerable<DayRange> Wanted(KnownFacility farm, NetworkClock clock)
    {
        var today = clock.DayOf(now);
        if (request.Window is { } window)
        {
            // Tomorrow has no measurements, and a day that is not complete yet is read but not recorded as done. Of forecasts, the window's days
            // are those on which they are issued: they are for the days after it too.
            var known = new DayRange(window.First, window.Last.AddDays(source.DaysAhead)).Intersect(new(DateOnly.MinValue, today.AddDays(source.DaysAhead)));
            return known is not { } days ? [] : request.Refresh ? [days] : _coverage.Missing(KeyOf(farm), days);
        }

        return source.DaysAhead > 0 ? Forecast(farm, clock) : Observed(farm, clock);
    }

    /// <summary>The days that are over and not held yet, and the days to come when a model may have run since the last look at them.</summary>
    private IEnumerable<DayRange> Forecast(KnownFacility farm, NetworkClock clock)
    {
        var last = LastCompleteDay(clock);
        var first = _coverage.NewestStretch(IsOfResolution)?.First ?? last;
        var missing = first > last ? [] : _coverage.Missing(KeyOf(farm), new(first, last));
        return IsAsked(farm, clock)
            ? missing
            : Coverage.Merge(missing.Append(new(last.AddDays(1), clock.DayOf(now).AddDays(source.DaysAhead))));
    }

    private bool IsAsked(KnownFacility farm, NetworkClock clock)
    {
        var (key, day) = AskedOf(farm, clock);
        return state.Asked.Has(key, day) && !request.Refresh;
    }

    private IEnumerable<DayRange> Observed(KnownFacility farm, NetworkClock clock)
    {
        var today = clock.DayOf(now);
        var isDone = IsAsked(farm, clock);
        // What is not published yet was asked for in vain today already.
        var last = isDone ? LastCompleteDay(clock) : today.AddDays(-1);
        var first = _coverage.NewestStretch(IsOfResolution)?.First ?? last;
        if (first > last)
        {
            // The clock was set back to before all that the lake holds: nothing can be new.
            return [];
        }

        var missing = _coverage.Missing(KeyOf(farm), new(first, last)).ToList();
        return isDone ? missing : Coverage.Merge(missing.Concat(Lookback(farm, missing, last)));
    }

    /// <summary>The last days before the new ones, as far as the lake holds them.</summary>
    private IEnumerable<DayRange> Lookback(KnownFacility farm, List<DayRange> missing, DateOnly last)
    {
        var firstNew = missing is [.., var newest] && newest.Last == last ? newest.First : last.AddDays(1);
        return request.LookbackDays == 0
            ? []
            : _coverage.Held(KeyOf(farm), new(firstNew.AddDays(-request.LookbackDays), firstNew.AddDays(-1)));
    }

    private bool IsOfResolution(string key) =>
        source.Suffix.Length == 0 ? !key.Contains('@', StringComparison.Ordinal) : key.EndsWith(source.Suffix, StringComparison.Ordinal);
}

/// <summary>Consecutive days of some farms of one network, read and committed together.</summary>
internal sealed record SeriesSlice(NetworkClock Clock, DayRange Days, IReadOnlyList<KnownFacility> Farms);
