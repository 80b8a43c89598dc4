using System.Runtime.CompilerServices;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>The rows of the three bronze time series, from the source clients.</summary>
internal sealed class SeriesReaders(OpenElectricityClient energy, OpenMeteoClient weather)
{
    private static readonly int[] WeatherOrder = Order(RawFacilityWeather.Contract.Columns.Select(column => column.Name), WeatherVariables.All);
    private static readonly int[] AirQualityOrder =
        Order(RawFacilityAirQuality.Contract.Columns.Select(column => column.Name), AirQualityVariables.All);

    public async IAsyncEnumerable<object?[]> EnergyAsync(
        IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days, Ingest ingest,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var farms = facilities.ToDictionary(farm => farm.Code, StringComparer.Ordinal);
        var query = new EnergyQuery([.. facilities.Select(farm => farm.Source)], NetworkWindow.OfDays(clock, days.First, days.Last));
        await foreach (var point in energy.GetEnergyAsync(query, ingest.Batch, cancellationToken))
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

    public IAsyncEnumerable<object?[]> WeatherAsync(
        IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days, Ingest ingest, CancellationToken cancellationToken) =>
        RowsAsync(
            facilities, weather.GetWeatherAsync(Query(facilities, clock, days), ingest.Batch, cancellationToken), WeatherOrder, cancellationToken);

    public IAsyncEnumerable<object?[]> AirQualityAsync(
        IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days, Ingest ingest, CancellationToken cancellationToken) =>
        RowsAsync(
            facilities, weather.GetAirQualityAsync(Query(facilities, clock, days), ingest.Batch, cancellationToken), AirQualityOrder, cancellationToken);

    private static HourlyQuery Query(IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days) =>
        HourlyQuery.Covering([.. facilities.Select(farm => farm.Source)], NetworkWindow.OfDays(clock, days.First, days.Last));

    private static async IAsyncEnumerable<object?[]> RowsAsync(
        IReadOnlyList<KnownFacility> facilities, IAsyncEnumerable<HourlyRow> rows, int[] order,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var farms = facilities.ToDictionary(farm => farm.Code, StringComparer.Ordinal);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            var farm = farms[row.Facility.Code];
            yield return
            [
                farm.Code, farm.Name, farm.Source.Latitude, farm.Source.Longitude, row.Date,
                .. order.Select(index => (object?)row.Values[index]),
                row.Stamp.Start, DateOnly.FromDateTime(row.Stamp.Start.UtcDateTime),
            ];
        }
    }

    /// <summary>For each variable column of a contract, the variable's place in the source's rows.</summary>
    private static int[] Order(IEnumerable<string> columns, IReadOnlyList<HourlyVariable> variables) =>
    [
        .. from column in columns
           join variable in variables on column equals variable.Name
           select variable.Index,
    ];
}
