namespace PvLakehouse.Forecasting.Features;

/// <summary>One number that a forecast may be made of.</summary>
/// <param name="Name">Name in snake case; also the column of the feature table.</param>
/// <param name="Unit">Unit of the value; 1 for ratios.</param>
/// <param name="Category">The group it belongs to.</param>
/// <param name="Formula">How it is made, in words or symbols.</param>
/// <param name="Source">Where the value comes from, which also says when it is known.</param>
public sealed record Feature(string Name, string Unit, FeatureCategory Category, string Formula, FeatureSource Source)
{
    /// <summary>Whether learners see it; other features take part in formulas only.</summary>
    public bool IsLearned { get; init; } = true;
}

/// <summary>Groups of features, as reports of their importance name them.</summary>
public enum FeatureCategory
{
    /// <summary>Where the sun stands, and what it gives without clouds.</summary>
    SolarGeometry,

    /// <summary>Weather as it was forecast.</summary>
    WeatherForecast,

    /// <summary>What the air holds.</summary>
    AirQuality,

    /// <summary>What the farm delivered before.</summary>
    Lag,

    /// <summary>The farm itself.</summary>
    Farm,

    /// <summary>Day of the year and of the week.</summary>
    Calendar,

    /// <summary>How far ahead the forecast is made.</summary>
    Lead,

    /// <summary>Weather as it was, which nobody knew in time; for tests of what perfect forecasts would bring.</summary>
    Observed,
}
