using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PvLakehouse.Sandbox.Time;

namespace PvLakehouse.Sandbox;

/// <summary>A real HTTP server on the loopback interface that stands in for OpenElectricity and Open-Meteo.</summary>
/// <remarks>
/// <para>All APIs share one address and are told apart by their paths. Base URLs for clients, with <c>A</c> for <see cref="BaseAddress"/>:</para>
/// <list type="table">
/// <item><term>api.openelectricity.org.au/v4</term><description><c>A/v4</c></description></item>
/// <item><term>archive-api.open-meteo.com/v1/archive</term><description><c>A/v1/archive</c></description></item>
/// <item><term>api.open-meteo.com/v1/forecast</term><description><c>A/v1/forecast</c></description></item>
/// <item><term>historical-forecast-api.open-meteo.com/v1/forecast</term><description><c>A/historical-forecast/v1/forecast</c></description></item>
/// <item><term>air-quality-api.open-meteo.com/v1/air-quality</term><description><c>A/v1/air-quality</c></description></item>
/// </list>
/// <para>Every answer says what it is in the header <c>X-PvLake-Sandbox: simulation</c> or <c>replay</c>; <c>GET /</c> tells the clock, the
/// plan and what was served so far.</para>
/// </remarks>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SandboxPipeline _pipeline;

    private SandboxServer(WebApplication app, SandboxPipeline pipeline, TimeProvider clock)
    {
        _app = app;
        _pipeline = pipeline;
        Clock = clock;
        BaseAddress = new(app.Urls.Single());
    }

    /// <summary>The address of the server with its real port, ending in a slash.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The sandbox clock.</summary>
    public TimeProvider Clock { get; }

    /// <summary>What was served so far.</summary>
    public SandboxStatistics Statistics => _pipeline.Statistics;

    /// <summary>Starts a server; it answers when this returns.</summary>
    /// <exception cref="SandboxException">The port is taken.</exception>
    public static async Task<SandboxServer> StartAsync(SandboxServerOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var clock = options.Clock
            ?? (options.Data.RecordedUntil is { } end ? new StartingClock(end, TimeProvider.System) : TimeProvider.System);
        var pipeline = new SandboxPipeline(options, clock);

        // The empty builder reads no settings file and no environment variable, so nothing outside can add an address.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        var app = builder.Build();
        app.Run(pipeline.HandleAsync);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException error) when (error.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException or SocketException)
        {
            await app.DisposeAsync();
            pipeline.Dispose();
            throw new SandboxException($"Port {options.Port} is taken; choose another one, or 0 for any free port.", error);
        }

        return new(app, pipeline, clock);
    }

    /// <summary>Waits until the server is stopped.</summary>
    public Task WaitForStopAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Stops the server; running requests get a moment to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _pipeline.Dispose();
    }

    /// <summary>The program that starts the server owns Ctrl-C, not the server.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
