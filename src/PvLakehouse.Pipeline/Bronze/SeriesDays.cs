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
/// <param name="coverage">The days that the lake holds.</param>
/// <param name="asked">The days on which a load without window has asked to the end.</param>
/// <param name="suffix">What tells the farms' days at this resolution from those at others.</param>
/// <param name="now">The clock.</param>
internal sealed class SeriesDays(IngestRequest request, Coverage coverage, Coverage asked, string suffix, DateTimeOffset now)
{
    // Some hundred thousand rows a commit: few files, little memory, little to repeat after an interruption.
    private const int MostRowsOfSlice = 1_000_000;
    private const int MostDaysOfSlice = 366;

    /// <summary>The name under which a farm's days are kept.</summary>
    public string KeyOf(KnownFacility farm) => farm.Code + suffix;

    /// <summary>The last day that may count as done: over, and published. The WEM publishes a day about 24 hours late.</summary>
    public DateOnly LastCompleteDay(NetworkClock clock) => clock.DayOf(now).AddDays(clock == NetworkClock.Wem ? -2 : -1);

    /// <summary>Whether a load notes that it has asked for the newest days of today.</summary>
    public bool NotesToday => request.Window is null;

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
            // Tomorrow has no measurements, and a day that is not complete yet is read but not recorded as done.
            var known = window.Intersect(new(DateOnly.MinValue, today));
            return known is not { } days ? [] : request.Refresh ? [days] : coverage.Missing(KeyOf(farm), days);
        }

        var isDone = asked.Has(KeyOf(farm), today) && !request.Refresh;
        // What is not published yet was asked for in vain today already.
        var last = isDone ? LastCompleteDay(clock) : today.AddDays(-1);
        var first = coverage.NewestStretch(IsOfResolution)?.First ?? last;
        if (first > last)
        {
            // The clock was set back to before all that the lake holds: nothing can be new.
            return [];
        }

        var missing = coverage.Missing(KeyOf(farm), new(first, last)).ToList();
        return isDone ? missing : Coverage.Merge(missing.Concat(Lookback(farm, missing, last)));
    }

    /// <summary>The last days before the new ones, as far as the lake holds them.</summary>
    private IEnumerable<DayRange> Lookback(KnownFacility farm, List<DayRange> missing, DateOnly last)
    {
        var firstNew = missing is [.., var newest] && newest.Last == last ? newest.First : last.AddDays(1);
        return request.LookbackDays == 0
            ? []
            : coverage.Held(KeyOf(farm), new(firstNew.AddDays(-request.LookbackDays), firstNew.AddDays(-1)));
    }

    private bool IsOfResolution(string key) =>
        suffix.Length == 0 ? !key.Contains('@', StringComparison.Ordinal) : key.EndsWith(suffix, StringComparison.Ordinal);
}

/// <summary>Consecutive days of some farms of one network, read and committed together.</summary>
internal sealed record SeriesSlice(NetworkClock Clock, DayRange Days, IReadOnlyList<KnownFacility> Farms);
