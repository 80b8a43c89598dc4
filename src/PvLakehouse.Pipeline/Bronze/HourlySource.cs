using System.Runtime.CompilerServices;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>Rows of bronze.raw_facility_weather, bronze.raw_facility_air_quality or bronze.raw_weather_forecast.</summary>
internal sealed class HourlySource : ISeriesSource
{
    private readonly Func<HourlyQuery, IngestBatch, CancellationToken, IAsyncEnumerable<HourlyRow>> _read;
    private readonly Func<HourlyQuery, IReadOnlyList<PlannedRequest>> _plan;
    private readonly HourlyColumns _columns;

    private HourlySource(
        HourlyColumns columns, IBodyArchive archive,
        Func<HourlyQuery, IngestBatch, CancellationToken, IAsyncEnumerable<HourlyRow>> read,
        Func<HourlyQuery, IReadOnlyList<PlannedRequest>> plan)
    {
        _columns = columns;
        Archive = archive;
        _read = read;
        _plan = plan;
    }

    public BronzeSeries Series => _columns.Series;

    public string Suffix => "";

    public string? Interval => null;

    public int RowsPerDay => 24 * _columns.RowsPerRow;

    public int DaysAhead { get; private init; }

    public IBodyArchive Archive { get; }

    public static HourlySource Weather(OpenMeteoClient client) =>
        new(HourlyColumns.Weather, client.Archive, client.GetWeatherAsync, client.PlanWeather);

    public static HourlySource AirQuality(OpenMeteoClient client) =>
        new(HourlyColumns.AirQuality, client.Archive, client.GetAirQualityAsync, client.PlanAirQuality);

    public static HourlySource Forecast(OpenMeteoClient client) =>
        new(HourlyColumns.Forecast, client.Archive, client.GetForecastAsync, client.PlanForecast) { DaysAhead = ForecastVariables.LeadDays[^1] };

    public long RowsOf(IReadOnlyList<KnownFacility> farms) => (long)RowsPerDay * farms.Count;

    public bool CanAsk(KnownFacility farm) => farm.Source.HasLocation;

    public IReadOnlyList<PlannedRequest> Plan(IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days) =>
        _plan(Query(facilities, clock, days));

    public async IAsyncEnumerable<object?[]> ReadAsync(
        IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days, Ingest ingest,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var farms = facilities.ToDictionary(farm => farm.Code, StringComparer.Ordinal);
        await foreach (var row in _read(Query(facilities, clock, days), ingest.Batch, cancellationToken))
        {
            foreach (var values in _columns.Rows(row, farms[row.Facility.Code]))
            {
                yield return values;
            }
        }
    }

    private static HourlyQuery Query(IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days) =>
        HourlyQuery.Covering([.. facilities.Select(farm => farm.Source)], NetworkWindow.OfDays(clock, days.First, days.Last));
}
