using System.Runtime.CompilerServices;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.Http;

namespace PvLakehouse.Pipeline.Sources.OpenMeteo;

/// <summary>Reads hourly weather and air quality of Open-Meteo, always in UTC.</summary>
/// <remarks>Requests are planned by <see cref="OpenMeteoPlan"/>, kept within the configured limits, and retried where
/// that
/// can help. Every successful body goes to the archive before its rows are given out.</remarks>
public sealed class OpenMeteoClient
{
    /// <summary>Name of its HTTP client.</summary>
    internal const string Provider = "Open-Meteo";

    private readonly SourceOptions _options;
    private readonly SourceTransport _transport;
    private readonly RequestBudget _budget;
    private readonly IBodyArchive _archive;
    private readonly TimeProvider _time;

    internal OpenMeteoClient(
        SourceOptions options, SourceTransport transport, RequestBudget budget, IBodyArchive archive, TimeProvider time)
    {
        _options = options;
        _transport = transport;
        _budget = budget;
        _archive = archive;
        _time = time;
    }

    /// <summary>Where bodies are kept.</summary>
    internal IBodyArchive Archive => _archive;

    /// <summary>The limits that its requests are kept within.</summary>
    internal RequestBudget Budget => _budget;

    /// <summary>The requests that a query for weather takes now.</summary>
    public IReadOnlyList<HourlyRequest> PlanWeather(HourlyQuery query) =>
        OpenMeteoPlan.Weather(query, _options.OpenMeteo, _time.GetUtcNow());

    /// <summary>The requests that a query for air quality takes now.</summary>
    public IReadOnlyList<HourlyRequest> PlanAirQuality(HourlyQuery query) =>
        OpenMeteoPlan.AirQuality(query, _options.OpenMeteo, _time.GetUtcNow());

    /// <summary>The requests that a query for weather as it was forecast takes.</summary>
    public IReadOnlyList<HourlyRequest> PlanForecast(HourlyQuery query) => OpenMeteoPlan.Forecast(query, _options.OpenMeteo);

    /// <summary>Weather rows with the values of <see cref="WeatherVariables"/>, farm by farm within a
    /// request.</summary>
    /// <exception cref="SourceException">The weather could not be read.</exception>
    public IAsyncEnumerable<HourlyRow> GetWeatherAsync(
        HourlyQuery query, IngestBatch batch, CancellationToken cancellationToken) =>
        RunAsync(PlanWeather(query), batch, cancellationToken);

    /// <summary>Air-quality rows with the values of <see cref="AirQualityVariables"/>, farm by farm within a
    /// request.</summary>
    /// <exception cref="SourceException">The air quality could not be read.</exception>
    public IAsyncEnumerable<HourlyRow> GetAirQualityAsync(
        HourlyQuery query, IngestBatch batch, CancellationToken cancellationToken) =>
        RunAsync(PlanAirQuality(query), batch, cancellationToken);

    /// <summary>Rows of weather as it was forecast, with the values of <see cref="ForecastVariables"/>, farm by farm within a
    /// request.</summary>
    /// <exception cref="SourceException">The forecasts could not be read.</exception>
    public IAsyncEnumerable<HourlyRow> GetForecastAsync(
        HourlyQuery query, IngestBatch batch, CancellationToken cancellationToken) =>
        RunAsync(PlanForecast(query), batch, cancellationToken);

    private async IAsyncEnumerable<HourlyRow> RunAsync(
        IReadOnlyList<HourlyRequest> plan, IngestBatch batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var done = 0;
        await foreach (var (payload, blocks) in OrderedParallel.SelectAsync(
            plan, _options.Transport.Parallelism, (request, token) => FetchAsync(request, batch, token), cancellationToken))
        {
            foreach (var row in SourcePayload.Rows(payload, blocks))
            {
                yield return row;
            }

            batch.Progress?.Report(new(++done, plan.Count));
        }
    }

    private async Task<(PayloadRecord Payload, List<HourlyBlock> Blocks)> FetchAsync(
        HourlyRequest request, IngestBatch batch, CancellationToken cancellationToken)
    {
        var payload = batch.Earlier is { } earlier && await earlier.FindAsync(request, cancellationToken) is { } known
            ? known
            : await AskAsync(request, batch, cancellationToken);
        var blocks = SourcePayload.Blocks(payload);

        // As soon as it has proved to be readable: what is paid for is never lost.
        var number = await _archive.StoreAsync(payload, cancellationToken);
        payload.Batch.Stored?.Add(number);
        return (payload, blocks);
    }

    private async Task<PayloadRecord> AskAsync(HourlyRequest request, IngestBatch batch, CancellationToken cancellationToken)
    {
        var reply = await _transport.GetAsync(Provider, request, key: null, cancellationToken);
        if (!reply.IsSuccess)
        {
            throw _transport.Refusal(request, reply);
        }

        return new PayloadRecord
        {
            Batch = batch,
            Source = request.Source,
            Request = request.Describe(),
            Address = request.Address,
            Status = reply.Status,
            ReceivedAt = reply.ReceivedAt,
            Facilities = request.Facilities,
            From = request.First.Start,
            To = request.Last.Start,
            Body = reply.Body,
        };
    }
}
