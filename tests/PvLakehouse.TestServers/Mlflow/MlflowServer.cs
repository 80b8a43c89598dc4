using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PvLakehouse.TestServers.Mlflow;

/// <summary>A server that behaves as MLflow's REST protocol says, in memory, and that is strict: what no client may send is noted as a
/// slip.</summary>
/// <remarks>Written from the protocol, MLflow 2.4 to 3.18: <c>mlflow/protos/service.proto</c>, <c>model_registry.proto</c>.</remarks>
public sealed class MlflowServer : IAsyncDisposable
{
    private const string Api = "/api/2.0/";

    private readonly WebApplication _app;
    private readonly MlflowServerOptions _options;
    private readonly MlflowTrackingState _tracking;
    private readonly Dictionary<string, MlflowRoute> _routes;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _slips = new();
    private readonly List<(string Request, MlflowFault Fault)> _faults = [];
    private readonly Lock _lock = new();

    private MlflowServer(WebApplication app, MlflowServerOptions options)
    {
        _app = app;
        _options = options;
        _tracking = new MlflowTrackingState(options);
        _routes = new(_tracking.Routes().Concat(new MlflowRegistryState(options, _tracking).Routes()), StringComparer.Ordinal);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Every request that arrived: method and route below <c>api/2.0</c>.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>What clients sent that the protocol does not know.</summary>
    public IReadOnlyList<string> Slips => [.. _slips];

    /// <summary>Number of runs that were ever made.</summary>
    public int RunCount => _tracking.RunCount;

    public static async Task<MlflowServer> StartAsync(MlflowServerOptions? options = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new MlflowServer(app, options ?? MlflowServerOptions.V3);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Lets the next request of a kind go wrong; several are used up one after the other.</summary>
    /// <param name="request">Beginning of method and route, such as <c>POST mlflow/runs/create</c>.</param>
    /// <param name="faults">What happens, in order.</param>
    public void Break(string request, params MlflowFault[] faults)
    {
        lock (_lock)
        {
            _faults.AddRange(faults.Select(f => (request, f)));
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var request = $"{context.Request.Method} {(path.StartsWith(Api, StringComparison.Ordinal) ? path[Api.Length..] : path)}";
        _requests.Enqueue(request);
        var fault = TakeFault(request);
        if (fault?.Status is { } status)
        {
            if (fault.RetryAfter is { } seconds)
            {
                context.Response.Headers.RetryAfter = $"{seconds}";
            }

            await AnswerAsync(context, status, fault.ContentType, Encoding.UTF8.GetBytes(fault.Body));
            return;
        }

        var body = await BodyAsync(context.Request);
        var (code, type, bytes) = Work(context, request, body);
        if (fault is null)
        {
            await AnswerAsync(context, code, type, bytes);
        }
        else if (fault.WorksAndFails)
        {
            await AnswerAsync(context, 503, "text/html", "<html>504</html>"u8.ToArray());
        }
        else
        {
            if (fault.CutsAnswer)
            {
                context.Response.ContentType = type;
                context.Response.ContentLength = bytes.Length;
                await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
                await context.Response.Body.FlushAsync();
            }

            context.Abort();
        }
    }

    private (int Status, string Type, byte[] Body) Work(HttpContext context, string request, byte[] body)
    {
        if (_options.Authorization is { } expected && context.Request.Headers.Authorization != expected)
        {
            return (401, "text/plain", "You are not authenticated."u8.ToArray());
        }

        try
        {
            lock (_lock)
            {
                if (request.Contains(" mlflow-artifacts/", StringComparison.Ordinal))
                {
                    return _tracking.Artifacts.Work(request, context.Request.Query["path"].ToString(), body);
                }

                if (!_routes.TryGetValue(request, out var route))
                {
                    return Slip($"{request}: unknown route", 404);
                }

                var json = context.Request.Method == "GET" ? QueryOf(context.Request, route) : JsonNode.Parse(body)!.AsObject();
                return route.Slip(json) is { } slip
                    ? Slip($"{request}: {slip}", 400)
                    : (200, "application/json", Encoding.UTF8.GetBytes(route.Handle(json).ToJsonString()));
            }
        }
        catch (MlflowException e)
        {
            return (e.Status, "application/json", JsonSerializer.SerializeToUtf8Bytes(
                new Dictionary<string, string>(StringComparer.Ordinal) { ["error_code"] = e.Code, ["message"] = e.Message }));
        }
        catch (JsonException e)
        {
            return Slip($"{request}: {e.Message}", 400);
        }
    }

    private (int Status, string Type, byte[] Body) Slip(string slip, int status)
    {
        _slips.Enqueue(slip);
        return (status, "text/plain", Encoding.UTF8.GetBytes(slip));
    }

    private MlflowFault? TakeFault(string request)
    {
        lock (_lock)
        {
            var at = _faults.FindIndex(f => request.StartsWith(f.Request, StringComparison.Ordinal));
            if (at < 0)
            {
                return null;
            }

            var fault = _faults[at].Fault;
            _faults.RemoveAt(at);
            return fault;
        }
    }

    private static JsonObject QueryOf(HttpRequest request, MlflowRoute route)
    {
        var json = new JsonObject();
        foreach (var (key, values) in request.Query)
        {
            json[key] = route.Fields.TryGetValue(key, out var type) && type.StartsWith("s*", StringComparison.Ordinal)
                ? new JsonArray([.. values.Select(v => JsonValue.Create(v))])
                : JsonValue.Create(values.ToString());
        }

        return json;
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private static async Task AnswerAsync(HttpContext context, int status, string type, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }
}
