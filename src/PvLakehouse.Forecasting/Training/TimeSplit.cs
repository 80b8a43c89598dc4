using System.Globalization;
using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Forecasting.Training;

/// <summary>Three stretches of time: to learn from, to decide by, to judge by; nothing is drawn at random.</summary>
/// <remarks>
/// A row belongs to a stretch when its forecast is issued and its hour ends within it. Between stretches lies a gap, so that no weather of one is that of the
/// next. Source: V. Cerqueira et al., "Evaluating time series forecasting models", Machine Learning 109, 2020.
/// </remarks>
/// <param name="ValidationFrom">Where training ends and, after the gap, validation begins.</param>
/// <param name="TestFrom">Where validation ends and, after the gap, the test begins.</param>
/// <param name="Gap">Time left out after each of them.</param>
public sealed record TimeSplit(DateTimeOffset ValidationFrom, DateTimeOffset TestFrom, TimeSpan Gap)
{
    /// <summary>Days left out unless said otherwise: weather systems pass within them.</summary>
    public static TimeSpan UsualGap { get; } = TimeSpan.FromDays(2);

    /// <summary>Splits the hours that rows span by shares, at whole days of UTC.</summary>
    /// <param name="hours">The rows.</param>
    /// <param name="training">Share of the days that is learned from.</param>
    /// <param name="validation">Share that decides; the rest judges.</param>
    /// <exception cref="ForecastingException">There are too few days.</exception>
    public static TimeSplit Of(IReadOnlyCollection<ForecastHour> hours, double training = 0.7, double validation = 0.15)
    {
        ArgumentNullException.ThrowIfNull(hours);
        if (hours.Count == 0)
        {
            throw new ForecastingException("There is no row to learn from.");
        }

        var (first, last) = (hours.Min(hour => hour.DateHour), hours.Max(hour => hour.DateHour));
        var days = (last - first).TotalDays;
        if (days < 20)
        {
            throw new ForecastingException(string.Create(
                CultureInfo.InvariantCulture, $"The rows span {days:0.#} days; expected 20 or more, to learn from, to decide by and to judge by."));
        }

        DateTimeOffset At(double share) => new(first.AddDays(days * share).UtcDateTime.Date, TimeSpan.Zero);
        return new(At(training), At(training + validation), UsualGap);
    }

    /// <summary>Splits so that the newest days are learned from as far as possible: only so many of them decide, and as many judge.</summary>
    /// <param name="hours">The rows.</param>
    /// <param name="mostDays">Most days of validation and of test each; of few days either has 15 %.</param>
    /// <exception cref="ForecastingException">There are too few days.</exception>
    public static TimeSplit Newest(IReadOnlyCollection<ForecastHour> hours, int mostDays)
    {
        ArgumentNullException.ThrowIfNull(hours);
        var days = hours.Count == 0 ? 0 : (hours.Max(hour => hour.DateHour) - hours.Min(hour => hour.DateHour)).TotalDays;
        var share = days > 0 ? Math.Min(0.15, mostDays / days) : 0.15;
        return Of(hours, 1 - (2 * share), share);
    }

    /// <summary>Whether a row is learned from.</summary>
    public bool IsTraining(ForecastHour hour) => End(hour) <= ValidationFrom;

    /// <summary>Whether a row decides when to stop, what to choose, and how to calibrate.</summary>
    public bool IsValidation(ForecastHour hour) => Require(hour).IssuedAt >= ValidationFrom + Gap && End(hour) <= TestFrom;

    /// <summary>Whether a row judges.</summary>
    public bool IsTest(ForecastHour hour) => Require(hour).IssuedAt >= TestFrom + Gap;

    private static DateTimeOffset End(ForecastHour hour) => Require(hour).DateHour.AddHours(1);

    private static ForecastHour Require(ForecastHour hour)
    {
        ArgumentNullException.ThrowIfNull(hour);
        return hour;
    }
}
