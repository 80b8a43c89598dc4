using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Forecasting.Tests;

/// <summary>Made-up hours of forecasts.</summary>
internal static class Hours
{
    public static DateTimeOffset Noon { get; } = new(2025, 1, 1, 2, 0, 0, TimeSpan.Zero);

    /// <summary>An hour of a farm of 100 MW under a high sun.</summary>
    public static ForecastHour Of(double? target, double sky = 1, double days = 0, int lead = 1, double? persistence = null, string farm = "NYNGAN") => new(
        farm, Noon.AddDays(days).AddHours(1 - lead), Noon.AddDays(days), target, target * 100, 100, target is not null)
    {
        ClearSkyPersistenceShare = persistence,
        ClearSkyShare = sky,
        LimitShare = 1,
        SunElevation = 60,
    };
}
