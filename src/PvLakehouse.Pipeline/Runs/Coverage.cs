using System.Collections.Immutable;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>Which days of which farms a bronze table has already asked its source for.</summary>
/// <remarks>
/// Kept as text in the properties of the snapshot that brought the rows, so it is committed with them or not at all, and
/// carried on by every later snapshot. A day counts when it was over and the source answered, even with "no data".
/// </remarks>
internal sealed class Coverage
{
    private readonly ImmutableSortedDictionary<string, ImmutableArray<DayRange>> _days;

    private Coverage(ImmutableSortedDictionary<string, ImmutableArray<DayRange>> days) => _days = days;

    public static Coverage Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, ImmutableArray<DayRange>>(StringComparer.Ordinal));

    /// <summary>Reads what <see cref="ToString"/> prints; null or empty is no coverage.</summary>
    /// <exception cref="FormatException">The text is not a coverage.</exception>
    public static Coverage Parse(string? text)
    {
        var coverage = Empty;
        foreach (var entry in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Split('=') is not [var days, var codes])
            {
                throw new FormatException($"'{entry}' is not a coverage; expected for example 2024-01-01/2024-01-31=AVLSF,WRSF1.");
            }

            coverage = coverage.With(codes.Split(','), DayRange.Parse(days));
        }

        return coverage;
    }

    /// <summary>The farms with any day, in ordinal order.</summary>
    public IReadOnlyList<string> Facilities => [.. _days.Keys];

    /// <summary>The coverage with some days of some farms added.</summary>
    public Coverage With(IEnumerable<string> facilities, DayRange days)
    {
        var all = _days.ToBuilder();
        foreach (var facility in facilities)
        {
            all[facility] = Merge([.. all.GetValueOrDefault(facility, []), days]);
        }

        return new(all.ToImmutable());
    }

    /// <summary>The last day of a farm that was ever asked for, null when none.</summary>
    public DateOnly? LastDay(string facility) =>
        _days.TryGetValue(facility, out var ranges) ? ranges[^1].Last : null;

    /// <summary>Whether a farm has a day.</summary>
    public bool Has(string facility, DateOnly day) => !Missing(facility, new(day, day)).Any();

    /// <summary>The days of a window that a farm has, in order.</summary>
    public IEnumerable<DayRange> Held(string facility, DayRange window) =>
        _days.GetValueOrDefault(facility, []).Select(range => range.Intersect(window)).OfType<DayRange>();

    /// <summary>The newest unbroken stretch of days that any of the farms has; null when none has any.</summary>
    /// <param name="farms">Selects the farms.</param>
    public DayRange? NewestStretch(Func<string, bool> farms) =>
        Merge(_days.Where(farm => farms(farm.Key)).SelectMany(farm => farm.Value)) is [.., var newest] ? newest : null;

    /// <summary>The days of a window that a farm still lacks, in order.</summary>
    public IEnumerable<DayRange> Missing(string facility, DayRange window)
    {
        var next = window.First;
        foreach (var held in _days.GetValueOrDefault(facility, []))
        {
            if (held.Intersect(window) is not { } known)
            {
                continue;
            }

            if (known.First > next)
            {
                yield return new(next, known.First.AddDays(-1));
            }

            next = known.Last.AddDays(1);
        }

        if (next <= window.Last)
        {
            yield return new(next, window.Last);
        }
    }

    /// <summary>Ranges and the farms that have them, for example <c>2024-01-01/2024-12-31=AVLSF,WRSF1;2025-01-01/2025-01-07=AVLSF</c>.</summary>
    public override string ToString() => string.Join(';', _days
        .SelectMany(farm => farm.Value.Select(range => (Range: range, Code: farm.Key)))
        .GroupBy(item => item.Range, item => item.Code)
        .OrderBy(group => group.Key.First).ThenBy(group => group.Key.Last)
        .Select(group => $"{group.Key}={string.Join(',', group)}"));

    /// <summary>The same days in as few ranges as possible, in order.</summary>
    public static ImmutableArray<DayRange> Merge(IEnumerable<DayRange> ranges)
    {
        var merged = new List<DayRange>();
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (merged is [.., var last] && range.First <= last.Last.AddDays(1))
            {
                merged[^1] = new(last.First, range.Last > last.Last ? range.Last : last.Last);
            }
            else
            {
                merged.Add(range);
            }
        }

        return [.. merged];
    }
}
