using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Tuning;

/// <summary>One round of cross-validation: a training like any other, judged up to an instant.</summary>
/// <param name="Split">What is learned from, what says when to stop, and from when on it is judged.</param>
/// <param name="To">End of the last hour that judges.</param>
public sealed record Fold(TimeSplit Split, DateTimeOffset To)
{
    /// <summary>Whether a row judges.</summary>
    public bool IsJudged(ForecastHour hour)
    {
        ArgumentNullException.ThrowIfNull(hour);
        return Split.IsTest(hour) && hour.DateHour.AddHours(1) <= To;
    }
}
