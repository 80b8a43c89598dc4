using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PvLakehouse.Sandbox.Data;

namespace PvLakehouse.Sandbox.Tests.Support;

/// <summary>A running server with a client and a clock that stands still at 2025-11-20 02:00 UTC, noon in the NEM.</summary>
internal sealed class TestSandbox : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2025, 11, 20, 2, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services;

    private TestSandbox(SandboxServer server, FakeTimeProvider clock)
    {
        Server = server;
        Clock = clock;
        _services = new ServiceCollection().AddHttpClient("test", client =>
        {
            client.BaseAddress = server.BaseAddress;
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "test-key-0123456789");
        }).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false }).Services.BuildServiceProvider();
        Client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("test");
    }

    public SandboxServer Server { get; }

    public FakeTimeProvider Clock { get; }

    public HttpClient Client { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TestSandbox> StartAsync(ISandboxData? data = null, Func<SandboxServerOptions, SandboxServerOptions>? with = null)
    {
        var clock = new FakeTimeProvider(Now);
        var options = new SandboxServerOptions(data ?? new CountingData()) { Clock = clock };
        return new(await SandboxServer.StartAsync(with?.Invoke(options) ?? options, Cancellation), clock);
    }

    /// <summary>The status and the JSON body of a GET.</summary>
    public async Task<(int Status, JsonNode Body)> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        return ((int)response.StatusCode, JsonNode.Parse(text) ?? throw new InvalidOperationException($"null body of {path}"));
    }

    /// <summary>The JSON body of a GET that succeeds.</summary>
    public async Task<JsonNode> OkAsync(string path)
    {
        var (status, body) = await GetAsync(path);
        Assert.True(status == 200, $"{path}: {status} {body.ToJsonString()}");
        return body;
    }

    /// <summary>The text body of a GET.</summary>
    public Task<string> TextAsync(string path) => Client.GetStringAsync(path, Cancellation);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _services.DisposeAsync();
        await Server.DisposeAsync();
    }
}
