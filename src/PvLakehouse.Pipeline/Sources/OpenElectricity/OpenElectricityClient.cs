using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.Http;

namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>Reads OpenElectricity v4: the register of facilities, and energy by unit. Network time stays
/// inside.</summary>
/// <remarks>Requests are planned by <see cref="OpenElectricityPlan"/>, kept within the configured limits, and retried
/// where
/// that can help. Every successful body goes to the archive before its rows are given out.</remarks>
public sealed class OpenElectricityClient
{
    /// <summary>Name of its HTTP client.</summary>
    internal const string Provider = "OpenElectricity";

    private readonly OpenElectricityOptions _options;
    private readonly int _parallelism;
    private readonly SourceTransport _transport;
    private readonly RequestBudget _budget;
    private readonly IBodyArchive _archive;
    private readonly ConcurrentDictionary<EnergyInterval, int> _learnedMaxDays = new();
    private volatile bool _keyWorked;

    internal OpenElectricityClient(
        SourceOptions options, SourceTransport transport, RequestBudget budget, IBodyArchive archive)
    {
        _options = options.OpenElectricity;
        _parallelism = options.Transport.Parallelism;
        _transport = transport;
        _budget = budget;
        _archive = archive;
    }

    /// <summary>Facilities of the register, in the order of the answers; codes that the register lacks are simply not
    /// among them.</summary>
    /// <exception cref="SourceException">The register could not be read.</exception>
    public async IAsyncEnumerable<FacilityRecord> GetFacilitiesAsync(
        FacilityQuery query, IngestBatch batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = Plan(query);
        await foreach (var payloads in RunAsync(plan, batch, FetchFacilitiesAsync, cancellationToken))
        {
            foreach (var (_, facilities) in payloads)
            {
                foreach (var facility in facilities)
                {
                    yield return facility;
                }
            }
        }
    }

    /// <summary>Where bodies are kept.</summary>
    internal IBodyArchive Archive => _archive;

    /// <summary>The limits that its requests are kept within.</summary>
    internal RequestBudget Budget => _budget;

    /// <summary>The requests that a query for energy takes.</summary>
    public IReadOnlyList<EnergyRequest> Plan(EnergyQuery query) => OpenElectricityPlan.Energy(query, _options);

    /// <summary>The requests that a query for facilities takes.</summary>
    public IReadOnlyList<FacilitiesRequest> Plan(FacilityQuery query) => OpenElectricityPlan.Facilities(query, _options);

    /// <summary>Energy by unit, group of farms by group, window by window, series by series; missing values are kept as
    /// null.</summary>
    /// <exception cref="SourceException">The energy could not be read.</exception>
    public async IAsyncEnumerable<EnergyPoint> GetEnergyAsync(
        EnergyQuery query, IngestBatch batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = Plan(query);
        await foreach (var payloads in RunAsync(plan, batch, FetchEnergyAsync, cancellationToken))
        {
            foreach (var point in payloads.SelectMany(payload => SourcePayload.Points(payload.Rows)))
            {
                yield return point;
            }
        }
    }

    private async IAsyncEnumerable<List<Fetched<T>>> RunAsync<TRequest, T>(
        IReadOnlyList<TRequest> plan,
        IngestBatch batch,
        Func<TRequest, IngestBatch, CancellationToken, Task<List<Fetched<T>>>> fetch,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRequest : PlannedRequest
    {
        RequireKey(plan[0]);
        var done = 0;
        await foreach (var payloads in OrderedParallel.SelectAsync(
            plan, _parallelism, (request, token) => fetch(request, batch, token), cancellationToken))
        {
            yield return payloads;
            batch.Progress?.Report(new(++done, plan.Count));
        }
    }

    private async Task<List<Fetched<IReadOnlyList<FacilityRecord>>>> FetchFacilitiesAsync(
        FacilitiesRequest request, IngestBatch batch, CancellationToken cancellationToken)
    {
        var payload = await EarlierAsync(request, batch, cancellationToken)
            ?? Answer(request, batch, await _transport.GetAsync(Provider, request, _options.Key, cancellationToken), from: null, to: null);
        var facilities = SourcePayload.Facilities(payload);
        var number = await _archive.StoreAsync(payload, cancellationToken);
        payload.Batch.Stored?.Add(number);
        return [new(payload, facilities)];
    }

    private async Task<List<Fetched<List<ParsedSeries>>>> FetchEnergyAsync(
        EnergyRequest request, IngestBatch batch, CancellationToken cancellationToken)
    {
        if (_learnedMaxDays.TryGetValue(request.Interval, out var maxDays) && IsLonger(request, maxDays))
        {
            return await FetchPiecesAsync(request, maxDays, batch, cancellationToken);
        }

        if (await EarlierAsync(request, batch, cancellationToken) is { } earlier)
        {
            return await KeepAsync(earlier, cancellationToken);
        }

        var reply = await _transport.GetAsync(Provider, request, _options.Key, cancellationToken);
        if (reply.Status == 400
            && RangeRefusal.MaxDays(ErrorText.Of(reply.Body)) is { } serverDays && IsLonger(request, serverDays))
        {
            _learnedMaxDays.AddOrUpdate(request.Interval, serverDays, (_, known) => Math.Min(known, serverDays));
            return await FetchPiecesAsync(request, serverDays, batch, cancellationToken);
        }

        return await KeepAsync(
            Answer(request, batch, reply, request.Window.StartInstant, request.Window.EndInstant), cancellationToken);
    }

    /// <summary>Archives an answer, once it has proved to be readable, as soon as it is there: what is paid for is never lost.</summary>
    private async Task<List<Fetched<List<ParsedSeries>>>> KeepAsync(PayloadRecord payload, CancellationToken cancellationToken)
    {
        var series = SourcePayload.Series(payload);
        var number = await _archive.StoreAsync(payload, cancellationToken);
        payload.Batch.Stored?.Add(number);
        return [new(payload, series)];
    }

    private static async Task<PayloadRecord?> EarlierAsync(
        PlannedRequest request, IngestBatch batch, CancellationToken cancellationToken) =>
        batch.Earlier is { } earlier ? await earlier.FindAsync(request, cancellationToken) : null;

    private async Task<List<Fetched<List<ParsedSeries>>>> FetchPiecesAsync(
        EnergyRequest request, int maxDays, IngestBatch batch, CancellationToken cancellationToken)
    {
        var fetched = new List<Fetched<List<ParsedSeries>>>();
        foreach (var piece in OpenElectricityPlan.Resplit(request, maxDays, _options))
        {
            fetched.AddRange(await FetchEnergyAsync(piece, batch, cancellationToken));
        }

        return fetched;
    }

    private static bool IsLonger(EnergyRequest request, int days) =>
        request.Window.End - request.Window.Start > TimeSpan.FromDays(days);

    /// <summary>An answer of the API: data, or that it has none (404; 416 on servers before April 2026).</summary>
    private PayloadRecord Answer(PlannedRequest request, IngestBatch batch, SourceReply reply, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (reply.Status is 401)
        {
            throw Unauthorized(request, reply);
        }

        _keyWorked |= reply.Status is not 403 and < 500;

        // A wrong address is 404 too, but then it is the framework that speaks, not the API.
        return reply.IsSuccess || (reply.Status is 404 or 416 && ErrorText.OfEnvelope(reply.Body) is not null)
            ? Payload(request, batch, reply, from, to)
            : throw _transport.Refusal(request, reply);
    }

    private void RequireKey(PlannedRequest request)
    {
        if (_options is { KeyRequired: true, Key: null })
        {
            throw new SourceException(
                SourceFault.Unauthorized, request.Source, window: null,
                "an API key is needed; set OPENELECTRICITY_API_KEY (keys are free at openelectricity.org.au).");
        }
    }

    private SourceException Unauthorized(PlannedRequest request, SourceReply reply) => _keyWorked
        ? new(SourceFault.LimitReached, request.Source, request.Describe(),
            $"the key was accepted before and is refused now ({reply.Message}): its quota is probably used up. "
            + "Try again tomorrow, or read less at a time.")
        : new(SourceFault.Unauthorized, request.Source, request.Describe(),
            $"the server refuses the key ({reply.Message}); check OPENELECTRICITY_API_KEY, "
            + "and whether its daily quota is used up.");

    private static PayloadRecord Payload(
        PlannedRequest request, IngestBatch batch, SourceReply reply, DateTimeOffset? from, DateTimeOffset? to) => new()
        {
            Batch = batch,
            Source = request.Source,
            Request = request.Describe(),
            Address = request.Address,
            Status = reply.Status,
            ReceivedAt = reply.ReceivedAt,
            Facilities = request.Facilities,
            From = from,
            To = to,
            Body = reply.Body,
        };

    private readonly record struct Fetched<T>(PayloadRecord Payload, T Rows);
}
