using System.Runtime.CompilerServices;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>Rows of bronze.raw_facility_weather or bronze.raw_facility_air_quality.</summary>
internal sealed class HourlySource : ISeriesSource
{
    private readonly Func<HourlyQuery, IngestBatch, CancellationToken, IAsyncEnumerable<HourlyRow>> _read;
    private readonly Func<HourlyQuery, IReadOnlyList<PlannedRequest>> _plan;
    private readonly int[] _order;

    private HourlySource(
        BronzeSeries series, IReadOnlyList<HourlyVariable> variables,
        Func<HourlyQuery, IngestBatch, CancellationToken, IAsyncEnumerable<HourlyRow>> read,
        Func<HourlyQuery, IReadOnlyList<PlannedRequest>> plan)
    {
        Series = series;
        _read = read;
        _plan = plan;
        // For each variable column of the contract, the variable's place in the source's rows.
        _order =
        [
            .. from column in series.Contract.Columns
               join variable in variables on column.Name equals variable.Name
               select variable.Index,
        ];
    }

    public BronzeSeries Series { get; }

    public string Suffix => "";

    public int RowsPerDay => 24;

    public static HourlySource Weather(OpenMeteoClient client) =>
        new(RawFacilityWeather.Series, WeatherVariables.All, client.GetWeatherAsync, client.PlanWeather);

    public static HourlySource AirQuality(OpenMeteoClient client) =>
        new(RawFacilityAirQuality.Series, AirQualityVariables.All, client.GetAirQualityAsync, client.PlanAirQuality);

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
            var farm = farms[row.Facility.Code];
            yield return
            [
                farm.Code, farm.Name, farm.Source.Latitude, farm.Source.Longitude, row.Date,
                .. _order.Select(index => (object?)row.Values[index]),
                row.Stamp.Start, DateOnly.FromDateTime(row.Stamp.Start.UtcDateTime),
            ];
        }
    }

    private static HourlyQuery Query(IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days) =>
        HourlyQuery.Covering([.. facilities.Select(farm => farm.Source)], NetworkWindow.OfDays(clock, days.First, days.Last));
}
