using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Forecasting.Calibration;

/// <summary>
/// A model's forecast and that of the reference, mixed for each lead as erred least on hours that the model did not learn from: where a
/// forecast that needs no model knows more, as it may for the next hour, it has its say.
/// </summary>
/// <remarks>Source: J. M. Bates and C. W. J. Granger, "The combination of forecasts", Operational Research Quarterly 20, 1969.</remarks>
public sealed class ReferenceBlend
{
    /// <summary>Fewer hours of a lead than these say too little; the model then stands alone.</summary>
    public const int FewestHours = 100;

    private readonly Dictionary<int, ConvexCombination> _weights;

    private ReferenceBlend(References references, Dictionary<int, ConvexCombination> weights) => (References, _weights) = (references, weights);

    /// <summary>The references, fitted on the hours that the model learned from.</summary>
    public References References { get; }

    /// <summary>The model's weight by lead: hours ahead up to 6, then 6 and the days ahead.</summary>
    public IReadOnlyDictionary<int, ConvexCombination> Weights => _weights;

    /// <summary>What was saved.</summary>
    public static ReferenceBlend Of(References references, IReadOnlyDictionary<int, ConvexCombination> weights) => new(references, new(weights));

    /// <summary>Finds the weights.</summary>
    /// <param name="references">The references, fitted on earlier hours.</param>
    /// <param name="hours">Hours with known energy that the model did not learn from.</param>
    /// <param name="forecasts">The model's forecasts of them as shares of AC capacity.</param>
    public static ReferenceBlend Fit(References references, IReadOnlyList<ForecastHour> hours, IReadOnlyList<double> forecasts)
    {
        ArgumentNullException.ThrowIfNull(references);
        ArgumentNullException.ThrowIfNull(hours);
        ArgumentNullException.ThrowIfNull(forecasts);
        var weights = hours.Zip(forecasts)
            .Where(pair => pair.First is { TargetShare: not null, IsDaylight: true })
            .GroupBy(pair => References.LeadOf(pair.First))
            .Where(lead => lead.Count() >= FewestHours)
            .ToDictionary(lead => lead.Key, lead => ConvexCombination.Fit(
                lead.Select(pair => (pair.Second, references.Of(References.Convex, pair.First), pair.First.TargetShare!.Value))));
        return new(references, weights);
    }

    /// <summary>The mixed forecast of an hour as a share of AC capacity.</summary>
    public double Apply(ForecastHour hour, double forecast) => _weights.TryGetValue(References.LeadOf(hour), out var weight)
        ? weight.Of(forecast, References.Of(References.Convex, hour))
        : forecast;
}
