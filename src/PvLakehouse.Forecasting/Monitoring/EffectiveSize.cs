namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>How many independent observations stand behind the values of a feature.</summary>
/// <remarks>
/// The mean of n days varies as that of σ² / σ_d² · n (1 - ρ) / (1 + ρ) independent values would: σ² is the variance of all values, σ_d²
/// that of the means of days and ρ the correlation of a day's mean with that of the day before. Source: H. von Storch and F. W. Zwiers,
/// Statistical Analysis in Climate Research, Cambridge 1999, 17.1. A mean of 30 days hardly changes from day to day, so a month of it is
/// one observation. Days are the most that is counted, whatever an hour adds, for what hours of a day have in common is its weather. Farms
/// differ for good, so each is taken from its own mean first.
/// </remarks>
/// <param name="Share">Observations a day, above 0 and at most 1.</param>
internal sealed record EffectiveSize(double Share)
{
    // Correlations are estimated from few days; one of exactly 1 would leave nothing at all.
    private const double MostCorrelated = 0.99;
    private const double Rounding = 1e-20;

    /// <summary>Estimates it.</summary>
    /// <param name="values">The values with farm and day, none missing, at least one.</param>
    public static EffectiveSize Of(IReadOnlyList<(string Farm, DateOnly Day, double Value)> values)
    {
        var ofFarms = values.GroupBy(value => value.Farm, StringComparer.Ordinal)
            .ToDictionary(farm => farm.Key, farm => farm.Average(value => value.Value), StringComparer.Ordinal);
        (DateOnly Day, double Deviation)[] deviations = [.. values.Select(value => (value.Day, value.Value - ofFarms[value.Farm]))];
        var means = deviations.GroupBy(value => value.Day).ToDictionary(day => day.Key, day => day.Average(value => value.Deviation));
        var between = means.Values.Average(deviation => deviation * deviation);
        // A farm's latitude is its mean but for what rounding leaves.
        if (between <= Rounding * values.Average(value => value.Value * value.Value))
        {
            return new(1);
        }

        double[] products =
        [
            .. means.Where(day => means.ContainsKey(day.Key.AddDays(1))).Select(day => day.Value * means[day.Key.AddDays(1)]),
        ];
        var correlation = products.Length == 0 ? 0 : Math.Clamp(products.Average() / between, 0, MostCorrelated);
        var ratio = deviations.Average(value => value.Deviation * value.Deviation) / between;
        return new(Math.Min(1, ratio * (1 - correlation) / (1 + correlation)));
    }

    /// <summary>Independent observations of so many days, 1 or more.</summary>
    public double Of(int days) => Math.Max(1, Share * days);
}
