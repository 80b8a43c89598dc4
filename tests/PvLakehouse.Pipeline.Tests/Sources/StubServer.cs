using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PvLakehouse.Pipeline.Tests.Sources;

/// <summary>A real HTTP server that answers by script and remembers what it was asked.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<StubRequest> _requests = new();

    private StubServer(Func<StubRequest, StubAnswer> script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            var request = new StubRequest(
                _requests.Count, context.Request.Path.Value!, Uri.UnescapeDataString(context.Request.QueryString.Value ?? ""),
                context.Request.Headers.Authorization.ToString());
            _requests.Enqueue(request);
            await script(request).WriteAsync(context);
        });
    }

    /// <summary>Requests so far, in order of arrival.</summary>
    public IReadOnlyList<StubRequest> Requests => [.. _requests];

    public Uri Address => new(_app.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<StubServer> StartAsync(Func<StubRequest, StubAnswer> script)
    {
        var server = new StubServer(script);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>What the server was asked.</summary>
/// <param name="Number">Zero for the first request.</param>
/// <param name="Path">Path without query.</param>
/// <param name="Query">Query with its question mark, unescaped.</param>
/// <param name="Authorization">The header, empty when absent.</param>
internal sealed record StubRequest(int Number, string Path, string Query, string Authorization)
{
    /// <summary>All values of a repeated parameter.</summary>
    public IReadOnlyList<string> Values(string name) =>
    [
        .. Query.TrimStart('?').Split('&')
            .Where(pair => pair.StartsWith(name + "=", StringComparison.Ordinal))
            .Select(pair => pair[(name.Length + 1)..]),
    ];

    public string Value(string name) => Values(name).Single();
}

/// <summary>What the server answers.</summary>
internal sealed record StubAnswer(int Status, byte[] Body)
{
    public string? RetryAfter { get; init; }

    public string? Location { get; init; }

    /// <summary>Promises the whole body but hangs up after half of it.</summary>
    public bool HangsUp { get; init; }

    /// <summary>Called instead of answering; the request then waits until the client gives up.</summary>
    public Action? Silence { get; init; }

    public static StubAnswer Ok(string body) => new(200, Encoding.UTF8.GetBytes(body));

    public static StubAnswer Of(int status, string body) => new(status, Encoding.UTF8.GetBytes(body));

    public async Task WriteAsync(HttpContext context)
    {
        if (Silence is not null)
        {
            var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            Silence();
            await gone.Task;
            return;
        }

        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = Body.Length;
        if (RetryAfter is not null)
        {
            context.Response.Headers.RetryAfter = RetryAfter;
        }

        if (Location is not null)
        {
            context.Response.Headers.Location = Location;
        }

        if (HangsUp)
        {
            await context.Response.Body.WriteAsync(Body.AsMemory(0, Body.Length / 2));
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(Body);
    }
}
