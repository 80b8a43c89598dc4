using System.Runtime.CompilerServices;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>Rows of bronze.raw_facility_timeseries, at one resolution.</summary>
internal sealed class EnergySource(OpenElectricityClient client, EnergyResolution resolution) : ISeriesSource
{
    public BronzeSeries Series => RawFacilityTimeseries.Series;

    public string Suffix => resolution == EnergyResolution.Hour ? "" : $"@{EnergyResolutions.Code(resolution)}";

    public string? Interval => EnergyResolutions.Code(resolution);

    public int RowsPerDay => EnergyResolutions.RowsPerDay(resolution);

    public IBodyArchive Archive => client.Archive;

    public long RowsOf(IReadOnlyList<KnownFacility> farms) => farms.Sum(farm => (long)RowsPerDay * farm.Source.SolarUnitCodes.Count);

    public bool CanAsk(KnownFacility farm) => true;

    public IReadOnlyList<PlannedRequest> Plan(IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days) =>
        client.Plan(Query(facilities, clock, days));

    public IAsyncEnumerable<object?[]> ReadAsync(
        IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days, Ingest ingest, CancellationToken cancellationToken)
    {
        var points = client.GetEnergyAsync(Query(facilities, clock, days), ingest.Batch, cancellationToken);
        return Rows(points, resolution, facilities, clock, cancellationToken);
    }

    /// <summary>The rows that points make, in contract order without audit columns.</summary>
    /// <param name="points">Points as the source sent them, series by series.</param>
    /// <param name="resolution">What the rows are to be of.</param>
    /// <param name="facilities">The farms of the points, all of one network.</param>
    /// <param name="clock">The network.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async IAsyncEnumerable<object?[]> Rows(
        IAsyncEnumerable<EnergyPoint> points, EnergyResolution resolution, IReadOnlyList<KnownFacility> facilities, NetworkClock clock,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var farms = facilities.ToDictionary(farm => farm.Code, StringComparer.Ordinal);
        points = resolution == EnergyResolution.HalfHour ? HalfHours.SumAsync(points, clock, cancellationToken) : points;
        await foreach (var point in points.WithCancellation(cancellationToken))
        {
            var series = point.Series;
            var farm = farms[series.FacilityCode];
            yield return
            [
                series.NetworkCode, farm.Source.NetworkId, farm.Region, farm.Code, farm.Name, series.UnitCode,
                series.Measure.Metric, series.Measure.Interval, series.Measure.Unit, point.IntervalStart, point.EnergyMwh,
                point.Stamp, clock.DayOf(point.Stamp),
            ];
        }
    }

    private EnergyQuery Query(IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days)
    {
        var interval = EnergyResolutions.Asked(resolution);
        return new([.. facilities.Select(farm => farm.Source)],
            NetworkWindow.OfIntervals(clock, days.First, days.Last, interval), interval);
    }
}
