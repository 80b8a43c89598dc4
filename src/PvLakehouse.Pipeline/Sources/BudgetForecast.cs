namespace PvLakehouse.Pipeline.Sources;

/// <summary>What planned requests take of a provider's limits, and of time.</summary>
/// <param name="Provider">OpenElectricity or Open-Meteo.</param>
/// <param name="Requests">Number of requests.</param>
/// <param name="Cost">Credits of OpenElectricity, call weights of Open-Meteo.</param>
/// <param name="Duration">Estimate from spacing, short limits and the measured pace; zero when nothing is known.</param>
public sealed record BudgetForecast(string Provider, int Requests, double Cost, TimeSpan Duration)
{
    /// <summary>The limits per day and month.</summary>
    public IReadOnlyList<LongLimit> Limits { get; init; } = [];

    /// <summary>On how many days, today included, the requests can be made; 1 when all can be today.</summary>
    public int Days => Limits.Select(limit => limit.DaysFor(Cost)).Append(1).Max();
}

/// <summary>A limit per day or month.</summary>
/// <param name="Period">day or month.</param>
/// <param name="Limit">What may be spent in the period.</param>
/// <param name="Left">What may still be spent now.</param>
public sealed record LongLimit(string Period, double Limit, double Left)
{
    private const int DaysOfMonth = 30;

    /// <summary>On how many days, today included, a cost can be spent; a month counts as 30.</summary>
    internal int DaysFor(double cost)
    {
        var periods = cost <= Left ? 0 : (int)Math.Ceiling((cost - Left) / Limit);
        return 1 + (periods * (Period == "month" ? DaysOfMonth : 1));
    }
}
