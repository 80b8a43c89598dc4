using System.Runtime.CompilerServices;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Keeping.Rebuilding;

/// <summary>The rows that archived bodies make of themselves, as their load made them.</summary>
internal sealed class ArchivedRows(IBodyArchive archive)
{
    /// <summary>The bronze tables and how their rows are told apart, in the order of a run.</summary>
    public static IReadOnlyList<BronzeSeries> Tables { get; } =
        [RawFacilities.Series, RawFacilityTimeseries.Series, RawFacilityWeather.Series, RawFacilityAirQuality.Series, RawWeatherForecast.Series];

    private static readonly HourlyColumns[] Hourly = [HourlyColumns.Weather, HourlyColumns.AirQuality, HourlyColumns.Forecast];

    /// <summary>The rows of a record, in contract order with audit columns.</summary>
    /// <exception cref="SourceException">A body is missing or damaged, or breaks the API's contract.</exception>
    /// <exception cref="PipelineException">The record contradicts its bodies.</exception>
    public IAsyncEnumerable<object?[]> Of(TableContract table, LoadRecord record, CancellationToken cancellationToken)
    {
        var audit = Ingest.ColumnsOf(record.BatchId, record.Mode, record.IngestedAt);
        return Values(table, record, cancellationToken).Select(row => (object?[])[.. row, .. audit]);
    }

    /// <summary>The bodies of a record, in the order they were stored.</summary>
    /// <exception cref="SourceException">A body is missing or damaged.</exception>
    public async IAsyncEnumerable<PayloadRecord> BodiesAsync(
        TableContract table, LoadRecord record, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var number in record.Bodies)
        {
            yield return await archive.ReadAsync(table.Name, record.BatchId, number, cancellationToken);
        }
    }

    private IAsyncEnumerable<object?[]> Values(TableContract table, LoadRecord record, CancellationToken cancellationToken)
    {
        var bodies = BodiesAsync(table, record, cancellationToken);
        if (table == RawFacilities.Contract)
        {
            return bodies.SelectMany(body => SourcePayload.Facilities(body).Select(FacilitiesLoader.Row));
        }

        KnownFacility[] farms = [.. record.Farms.Select(farm => new KnownFacility(farm.Source, farm.Name, farm.Region))];
        if (table == RawFacilityTimeseries.Contract)
        {
            return farms is not [var first, ..] || EnergyResolutions.Parse(record.Interval) is not { } resolution
                ? throw new PipelineException($"The archive's record {record.Name} of {table} names no farm or no known interval.")
                : EnergySource.Rows(
                    bodies.SelectMany(SourcePayload.Energy), resolution, farms, NetworkClock.Of(first.Source.NetworkId), cancellationToken);
        }

        var columns = Hourly.Single(hourly => hourly.Series.Contract == table);
        var byCode = farms.ToDictionary(farm => farm.Code, StringComparer.Ordinal);
        return bodies.SelectMany(body => SourcePayload.Hourly(body).SelectMany(row => columns.Rows(row, byCode[row.Facility.Code])));
    }
}
