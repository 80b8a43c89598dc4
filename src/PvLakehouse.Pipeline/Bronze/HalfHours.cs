using System.Globalization;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>Sums five-minute points to half hours, each the sum of its six, and loses none.</summary>
/// <remarks>
/// A half hour that lacks one of its six has no sum. Its hour is then given out twice: as half hours, one of them empty, and as the points
/// that were sent. Silver takes the more complete of the two.
/// </remarks>
internal static class HalfHours
{
    private const int PointsOfHalf = 6;
    private static readonly TimeSpan Half = TimeSpan.FromMinutes(30);

    /// <param name="points">Points of five minutes, series by series, each in order.</param>
    /// <param name="clock">The network, in whose time half hours are labelled.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async IAsyncEnumerable<EnergyPoint> SumAsync(
        IAsyncEnumerable<EnergyPoint> points, NetworkClock clock,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var hour = new List<EnergyPoint>();
        await foreach (var point in points.WithCancellation(cancellationToken))
        {
            if (hour is [var first, ..] && (first.Series != point.Series || HourOf(first) != HourOf(point)))
            {
                foreach (var sum in Sums(hour, clock))
                {
                    yield return sum;
                }

                hour.Clear();
            }

            hour.Add(point);
        }

        foreach (var sum in Sums(hour, clock))
        {
            yield return sum;
        }
    }

    private static UtcHour HourOf(EnergyPoint point) => UtcHour.Containing(point.ToInterval().Start);

    private static IEnumerable<EnergyPoint> Sums(List<EnergyPoint> hour, NetworkClock clock)
    {
        if (hour.Count == 0)
        {
            yield break;
        }

        var series = hour[0].Series with { Measure = hour[0].Series.Measure with { Interval = "30m" } };
        var start = HourOf(hour[0]).Start;
        var isWhole = true;
        foreach (var half in (DateTimeOffset[])[start, start + Half])
        {
            var values = hour
                .Where(point => point.ToInterval().Start is var at && at >= half && at < half + Half && point.EnergyMwh is not null)
                .Select(point => (decimal)point.EnergyMwh!.Value).ToArray();
            isWhole &= values.Length == PointsOfHalf;
            yield return new(
                series, half.ToOffset(clock.Offset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture), half,
                values.Length == PointsOfHalf ? (double)values.Sum() : null);
        }

        foreach (var point in isWhole ? [] : hour)
        {
            yield return point;
        }
    }
}
