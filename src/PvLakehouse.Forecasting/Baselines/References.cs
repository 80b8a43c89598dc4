using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Forecasting.Baselines;

/// <summary>Forecasts that need no model; what a model is worth shows beside them.</summary>
public sealed class References
{
    /// <summary>The newest known hour, or the same hour of the newest known day, goes on.</summary>
    public const string Persistence = "persistence";

    /// <summary>The newest known ratio to a clear sky goes on.</summary>
    public const string ClearSkyPersistence = "clear-sky persistence";

    /// <summary>What is usual.</summary>
    public const string Usual = "climatology";

    /// <summary>The best mixture of clear-sky persistence and climatology: the reference of all skill scores.</summary>
    public const string Convex = "convex combination";

    private readonly Climatology _climatology;
    private readonly Dictionary<int, ConvexCombination> _combinations;

    private References(Climatology climatology, Dictionary<int, ConvexCombination> combinations) =>
        (_climatology, _combinations) = (climatology, combinations);

    /// <summary>What is usual.</summary>
    public Climatology Climatology => _climatology;

    /// <summary>The mixture of each lead: hours ahead up to 6, then 6 and the days ahead.</summary>
    public IReadOnlyDictionary<int, ConvexCombination> Combinations => _combinations;

    /// <summary>What was saved.</summary>
    public static References Of(Climatology climatology, IReadOnlyDictionary<int, ConvexCombination> combinations) => new(climatology, new(combinations));

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> All { get; } = [Persistence, ClearSkyPersistence, Usual, Convex];

    /// <summary>Learns what is usual, and for each lead the mixture that errs least.</summary>
    /// <param name="hours">Past hours.</param>
    /// <exception cref="ForecastingException">No hour has energy and a clear sky.</exception>
    public static References Fit(IReadOnlyCollection<ForecastHour> hours)
    {
        var climatology = Climatology.Fit(hours);
        var combinations = hours
            .Where(hour => hour is { TargetShare: not null, ClearSkyPersistenceShare: not null })
            .GroupBy(LeadOf)
            .ToDictionary(lead => lead.Key, lead => ConvexCombination.Fit(
                lead.Select(hour => (Limited(hour.ClearSkyPersistenceShare!.Value, hour), climatology.Of(hour), hour.TargetShare!.Value))));
        return new(climatology, combinations);
    }

    /// <summary>The forecast of a reference as a share of AC capacity; what is usual where there is no past to go on from.</summary>
    /// <param name="reference">One of <see cref="All"/>.</param>
    /// <param name="hour">The hour.</param>
    public double Of(string reference, ForecastHour hour)
    {
        ArgumentNullException.ThrowIfNull(hour);
        var usual = _climatology.Of(hour);
        return Limited(
            reference switch
            {
                Persistence => hour.PersistenceShare ?? usual,
                ClearSkyPersistence => hour.ClearSkyPersistenceShare ?? usual,
                Usual => usual,
                Convex when hour.ClearSkyPersistenceShare is { } persistence && _combinations.TryGetValue(LeadOf(hour), out var combination) =>
                    combination.Of(Limited(persistence, hour), usual),
                Convex => usual,
                _ => throw new ArgumentOutOfRangeException(nameof(reference), reference, $"Expected one of {string.Join(", ", All)}."),
            },
            hour);
    }

    /// <summary>The lead that an hour is counted to: hours ahead within the day, then days ahead.</summary>
    internal static int LeadOf(ForecastHour hour) => hour.LeadHours <= 6 ? hour.LeadHours : 6 + ((hour.LeadHours + 23) / 24);

    private static double Limited(double share, ForecastHour hour) => Math.Clamp(share, 0, Math.Min(1, hour.LimitShare));
}
