namespace PvLakehouse.Forecasting.Features;

/// <summary>A class of forecasts: when they are issued, and for which hours.</summary>
/// <remarks>The classes of AEMO's solar forecasting system (ASEFS): hours ahead, the next day, the days after it.</remarks>
public sealed record Horizon
{
    private Horizon(string name, string meaning, string issuedAt, int leads, TimeSpan every, TimeSpan reach)
    {
        Name = name;
        Meaning = meaning;
        IssuedAt = issuedAt;
        Leads = leads;
        Every = every;
        Reach = reach;
    }

    /// <summary>One to six hours ahead, issued every full hour.</summary>
    public static Horizon Intraday { get; } = new(
        "intraday", "1 to 6 hours ahead, issued every hour", "date_hour + INTERVAL '1' HOUR - lead.n * INTERVAL '1' HOUR", 6,
        TimeSpan.FromHours(1), TimeSpan.FromHours(6));

    /// <summary>The next day of the market, issued at 10:00 of its clock.</summary>
    public static Horizon DayAheadMorning { get; } = new(
        "day_ahead_10", "the next day, issued at 10:00 of the market's clock", "day_start - INTERVAL '14' HOUR", 1,
        TimeSpan.FromDays(1), TimeSpan.FromHours(38));

    /// <summary>The next day of the market, issued at 16:00 of its clock.</summary>
    public static Horizon DayAheadAfternoon { get; } = new(
        "day_ahead_16", "the next day, issued at 16:00 of the market's clock", "day_start - INTERVAL '8' HOUR", 1,
        TimeSpan.FromDays(1), TimeSpan.FromHours(32));

    /// <summary>The second to seventh day, issued at 10:00 of the market's clock.</summary>
    public static Horizon DaysAhead { get; } = new(
        "days_2_7", "the second to seventh day, issued at 10:00 of the market's clock",
        "day_start - INTERVAL '14' HOUR - lead.n * INTERVAL '24' HOUR", 6, TimeSpan.FromDays(1), TimeSpan.FromHours(182));

    /// <summary>All classes, nearest first.</summary>
    public static IReadOnlyList<Horizon> All { get; } = [Intraday, DayAheadMorning, DayAheadAfternoon, DaysAhead];

    /// <summary>The name by which tables and commands know it.</summary>
    public string Name { get; }

    /// <summary>What it is, in words.</summary>
    public string Meaning { get; }

    /// <summary>When an hour's forecast is issued: SQL over the hour, the start of its market day, and the number of the lead.</summary>
    internal string IssuedAt { get; }

    /// <summary>How many forecasts of the class an hour gets; <c>lead.n</c> counts them from 1.</summary>
    internal int Leads { get; }

    /// <summary>Time between two issues.</summary>
    public TimeSpan Every { get; }

    /// <summary>From an issue to the end of the last hour that it is for.</summary>
    public TimeSpan Reach { get; }

    /// <summary>The class of a name.</summary>
    /// <exception cref="ForecastingException">There is none.</exception>
    public static Horizon Of(string name) => All.FirstOrDefault(horizon => horizon.Name == name)
        ?? throw new ForecastingException($"There is no horizon '{name}'; expected one of {string.Join(", ", All.Select(horizon => horizon.Name))}.");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
