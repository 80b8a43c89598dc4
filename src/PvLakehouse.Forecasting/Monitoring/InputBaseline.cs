using System.Globalization;
using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>The rows of the training that inputs are compared with.</summary>
/// <remarks>
/// Sun and weather change with the season. A window of autumn compared with a whole year would drift every autumn, so it is compared with
/// the days of the year around it, wherever the training has them.
/// </remarks>
/// <param name="Rows">The rows.</param>
/// <param name="IsSameSeason">Whether they are of the window's season; else they are all of the training.</param>
/// <param name="Meaning">Which they are, in words.</param>
public sealed record InputBaseline(ForecastRows Rows, bool IsSameSeason, string Meaning)
{
    /// <summary>Days of the year before and after the window that count as its season.</summary>
    public const int Reach = 15;

    // Of a leap year; in others the season is a day shorter when it spans the end of the year.
    private const int DaysOfYear = 366;

    /// <summary>Chooses the rows.</summary>
    /// <param name="training">Rows that were learned from.</param>
    /// <param name="recent">Rows of the window.</param>
    /// <exception cref="ForecastingException">Either is empty.</exception>
    public static InputBaseline Of(ForecastRows training, ForecastRows recent)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(recent);
        if (training.Count == 0 || recent.Count == 0)
        {
            throw new ForecastingException(
                $"There are {training.Count} rows of the training and {recent.Count} of the window; inputs cannot be compared.");
        }

        var days = new bool[DaysOfYear];
        foreach (var day in recent.Hours.Select(DayOfYear).Distinct())
        {
            for (var offset = -Reach; offset <= Reach; offset++)
            {
                days[(day + offset + DaysOfYear) % DaysOfYear] = true;
            }
        }

        var season = training.Where(hour => days[DayOfYear(hour)]);
        return DaysOf(season) >= Math.Max(1, DaysOf(recent) / 2)
            ? new(
                season, IsSameSeason: true,
                $"{Describe(season)} of the training: the window's season, {Reach} days before to {Reach} days after")
            : new(
                training, IsSameSeason: false,
                $"all {Describe(training)} of the training, which lacks the window's season: inputs warn at most");
    }

    /// <summary>Number of days on which rows have hours.</summary>
    internal static int DaysOf(ForecastRows rows) => rows.Hours.Select(Day).Distinct().Count();

    /// <summary>The day of an hour, UTC.</summary>
    internal static DateOnly Day(ForecastHour hour) => DateOnly.FromDateTime(hour.DateHour.UtcDateTime);

    private static string Describe(ForecastRows rows) => string.Create(
        CultureInfo.InvariantCulture, $"{DaysOf(rows)} days between {rows.Hours.Min(Day):yyyy-MM-dd} and {rows.Hours.Max(Day):yyyy-MM-dd}");

    private static int DayOfYear(ForecastHour hour) => hour.DateHour.UtcDateTime.DayOfYear - 1;
}
