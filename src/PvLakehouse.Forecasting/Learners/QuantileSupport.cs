namespace PvLakehouse.Forecasting.Learners;

/// <summary>How a learner comes to quantiles.</summary>
public enum QuantileSupport
{
    /// <summary>It knows the mean alone; quantiles come from the residuals of its forecasts.</summary>
    None,

    /// <summary>It learns a model for each level.</summary>
    OneModelPerLevel,

    /// <summary>Its one model, learned for the mean, knows every level: see <see cref="IQuantileForecastModel"/>.</summary>
    OneModelForAll,
}
