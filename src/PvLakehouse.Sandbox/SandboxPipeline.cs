using Microsoft.AspNetCore.Http;
using PvLakehouse.Sandbox.Faults;
using PvLakehouse.Sandbox.Http;
using PvLakehouse.Sandbox.OpenElectricity;
using PvLakehouse.Sandbox.OpenMeteo;
using PvLakehouse.Sandbox.Plans;

namespace PvLakehouse.Sandbox;

/// <summary>Takes requests, draws their faults, and has them answered by the API that their path names.</summary>
internal sealed class SandboxPipeline : IDisposable
{
    private const string KindHeader = "X-PvLake-Sandbox";

    private readonly SandboxServerOptions _options;
    private readonly TimeProvider _clock;
    private readonly PlanLimits _limits;
    private readonly OpenElectricityApi _energy;
    private readonly OpenMeteoApi _weather;
    private readonly long[] _faults = new long[Enum.GetValues<FaultKind>().Length];
    private long _requests;

    public SandboxPipeline(SandboxServerOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _limits = PlanLimits.Of(options.Plan);
        _energy = new(options.Data, _limits, options.ApiKeys, clock);
        _weather = new(options.Data, _limits, clock);
    }

    public SandboxStatistics Statistics => new(
        Interlocked.Read(ref _requests),
        Enum.GetValues<FaultKind>()
            .Select(kind => (Kind: kind, Count: Interlocked.Read(ref _faults[(int)kind])))
            .Where(fault => fault.Count > 0)
            .ToDictionary(fault => fault.Kind, fault => fault.Count));

    private string Kind => _options.Data.Kind.ToString().ToLowerInvariant();

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers[KindHeader] = Kind;
        switch (context.Request.Path.Value)
        {
            case "/":
                await ReplySender.SendAsync(context, Page());
                return;
            case "/health":
                await ReplySender.SendAsync(context, new BufferedReply(200, Reply.Json, "\"OK\""u8.ToArray()));
                return;
            default:
                var number = Interlocked.Increment(ref _requests);
                await HandleAsync(context, number, _options.Faults.Draw(number));
                return;
        }
    }

    public void Dispose() => _weather.Dispose();

    private async Task HandleAsync(HttpContext context, long number, FaultKind? fault)
    {
        if (fault is { } drawn)
        {
            Interlocked.Increment(ref _faults[(int)drawn]);
        }

        switch (fault)
        {
            case FaultKind.Down:
                context.Abort();
                return;
            case FaultKind.TooManyRequests or FaultKind.InternalError or FaultKind.Unavailable:
                await ReplySender.SendAsync(context, FaultReply.Of(fault.Value, IsEnergy(context)));
                return;
            case FaultKind.Slow:
                await Task.Delay(FaultPlan.SlowBy, _clock, context.RequestAborted);
                break;
        }

        Task SendAsync(Reply reply) => fault switch
        {
            FaultKind.Truncate => ReplySender.SendTruncatedAsync(context, reply, _options.Faults.BreaksWithTail(number)),
            FaultKind.Malformed => ReplySender.SendMalformedAsync(context, reply),
            FaultKind.WrongType => ReplySender.SendWrongTypeAsync(context, reply),
            _ => ReplySender.SendAsync(context, reply),
        };
        if (IsEnergy(context))
        {
            await SendAsync(_energy.Answer(context.Request));
        }
        else
        {
            await _weather.AnswerAsync(context.Request, SendAsync, context.RequestAborted);
        }
    }

    private static bool IsEnergy(HttpContext context) => context.Request.Path.StartsWithSegments("/v4", StringComparison.Ordinal);

    /// <summary>What this server is, for whoever opens it in a browser.</summary>
    private BufferedReply Page() => new(200, Reply.Json, JsonText.Build(json =>
    {
        var statistics = Statistics;
        json.WriteStartObject();
        json.WriteString("sandbox", Kind);
        json.WriteString("clock", _clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
        json.WriteString("plan", _options.Plan.ToString().ToLowerInvariant());
        json.WriteNumber("facilities", _options.Data.Facilities.Count);
        json.WriteNumber("requests", statistics.Requests);
        json.WriteStartObject("faults");
        foreach (var (kind, count) in statistics.Faults)
        {
            json.WriteNumber(kind.ToString(), count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }));
}
