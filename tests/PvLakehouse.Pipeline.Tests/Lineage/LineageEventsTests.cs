using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PvLakehouse.Pipeline.Lineage;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Lineage;

/// <summary>Events as a lineage server gets them; required members are those of the schema OpenLineage.json 2-0-2 and of its facets.</summary>
public sealed class LineageEventsTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Path, string Authorization, string Body)> _posts = new();
    private readonly List<string> _notes = [];
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 2, 3, 4, TimeSpan.Zero));
    private readonly WebApplication _server;
    private int _status = 201;

    public LineageEventsTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _posts.Enqueue(($"{context.Request.Method} {context.Request.Path}", context.Request.Headers.Authorization.ToString(), await reader.ReadToEndAsync()));
            context.Response.StatusCode = _status;
        });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _server.StartAsync(Token);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_stage_is_told_by_a_start_and_a_complete_event_that_hold_all_that_the_schema_requires()
    {
        await Events().RunAsync("hourly_energy", () => Task.FromResult(
            new StageResult("silver.clean_hourly_energy", 4711, TimeSpan.Zero) { RowsInserted = 40, RowsUpdated = 2, RowsUnchanged = 900 }));

        Assert.All(_posts, post => Assert.Equal(("POST /api/v1/lineage", "Bearer key"), (post.Path, post.Authorization)));
        var events = _posts.Select(post => JsonDocument.Parse(post.Body).RootElement).ToArray();
        Assert.Equal(["START", "COMPLETE"], events.Select(e => e.GetProperty("eventType").GetString()));
        Assert.All(events, AssertIsRunEvent);
        Assert.Equal(events[0].GetProperty("run").GetProperty("runId").GetGuid(), events[1].GetProperty("run").GetProperty("runId").GetGuid());
        Assert.Equal("silver.clean_hourly_energy", events[1].GetProperty("job").GetProperty("name").GetString());
        Assert.Contains("bronze.raw_facility_timeseries", events[0].GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("name").GetString()));

        var output = events[1].GetProperty("outputs").EnumerateArray().Single();
        Assert.Equal(42, output.GetProperty("outputFacets").GetProperty("outputStatistics").GetProperty("rowCount").GetInt64());
        Assert.Equal("4711", output.GetProperty("facets").GetProperty("version").GetProperty("datasetVersion").GetString());
        var fields = output.GetProperty("facets").GetProperty("schema").GetProperty("fields").EnumerateArray().ToArray();
        Assert.Equal(("facility_code", "string"), (fields[0].GetProperty("name").GetString(), fields[0].GetProperty("type").GetString()));
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task A_bronze_table_is_made_of_its_source_and_a_source_that_fails_fails_the_stage()
    {
        await Events().RunAsync("facility_weather", () => Task.FromResult(
            new StageResult("bronze.raw_facility_weather", null, TimeSpan.Zero) { Failure = "Open-Meteo answered 503." }));
        var last = JsonDocument.Parse(_posts.Last().Body).RootElement;
        AssertIsRunEvent(last);
        Assert.Equal("FAIL", last.GetProperty("eventType").GetString());
        Assert.Equal(
            ["open-meteo/archive", "open-meteo/forecast"],
            last.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
        // ErrorMessageRunFacet requires both.
        var error = last.GetProperty("run").GetProperty("facets").GetProperty("errorMessage");
        Assert.Equal(("Open-Meteo answered 503.", "C#"), (error.GetProperty("message").GetString(), error.GetProperty("programmingLanguage").GetString()));
    }

    [Fact]
    public async Task What_a_stage_throws_is_told_and_passed_on()
    {
        await Assert.ThrowsAsync<PipelineException>(() => Events().RunAsync("dim_date", () => throw new PipelineException("No silver.")));
        Assert.Equal("FAIL", JsonDocument.Parse(_posts.Last().Body).RootElement.GetProperty("eventType").GetString());
        await Assert.ThrowsAsync<OperationCanceledException>(() => Events().RunAsync("dim_date", () => throw new OperationCanceledException()));
        Assert.Equal("ABORT", JsonDocument.Parse(_posts.Last().Body).RootElement.GetProperty("eventType").GetString());
    }

    [Fact]
    public async Task A_server_that_refuses_or_is_gone_costs_one_note_and_no_stage()
    {
        _status = 500;
        var events = Events();
        var ran = 0;
        for (var i = 0; i < 3; i++)
        {
            await events.RunAsync("dim_time", () => Task.FromResult(new StageResult("gold.dim_time", ++ran, TimeSpan.Zero)));
        }

        Assert.Equal(3, ran);
        Assert.Single(_posts);
        Assert.Contains("do not reach http://127.0.0.1", Assert.Single(_notes), StringComparison.Ordinal);

        _notes.Clear();
        var gone = Address();
        await _server.StopAsync(Token);
        var result = await Events(gone).RunAsync("dim_time", () => Task.FromResult(new StageResult("gold.dim_time", 1, TimeSpan.Zero)));
        Assert.Equal(1, result.SnapshotId);
        Assert.Single(_notes);
    }

    [Fact]
    public async Task A_file_gets_one_event_a_line()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"pvlake-lineage-{Guid.CreateVersion7():N}");
        try
        {
            var file = Path.Combine(folder, "lineage.ndjson");
            var events = new LineageEvents(new FileLineageSink(file), _clock, _notes.Add);
            await events.RunAsync("dim_time", () => Task.FromResult(new StageResult("gold.dim_time", 1, TimeSpan.Zero)));
            var lines = await File.ReadAllLinesAsync(file, Token);
            Assert.Equal(2, lines.Length);
            Assert.All(lines, line => AssertIsRunEvent(JsonDocument.Parse(line).RootElement));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AssertIsRunEvent(JsonElement e)
    {
        // BaseEvent: eventTime, producer, schemaURL; RunEvent: run, job.
        Assert.Equal("2026-01-01T02:03:04.0000000Z", e.GetProperty("eventTime").GetString());
        Assert.True(DateTimeOffset.TryParse(e.GetProperty("eventTime").GetString(), CultureInfo.InvariantCulture, out _));
        Assert.True(Uri.TryCreate(e.GetProperty("producer").GetString(), UriKind.Absolute, out _));
        Assert.Equal("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent", e.GetProperty("schemaURL").GetString());
        Assert.True(e.GetProperty("run").GetProperty("runId").TryGetGuid(out _));
        Assert.All((string[])["namespace", "name"], name => Assert.NotEqual("", e.GetProperty("job").GetProperty(name).GetString()));
        foreach (var dataset in e.GetProperty("inputs").EnumerateArray().Concat(e.GetProperty("outputs").EnumerateArray()))
        {
            Assert.All((string[])["namespace", "name"], name => Assert.NotEqual("", dataset.GetProperty(name).GetString()));
            Facets(dataset, "facets");
            Facets(dataset, "outputFacets");
        }

        Facets(e.GetProperty("run"), "facets");
        var parent = e.GetProperty("run").GetProperty("facets").GetProperty("parent");
        Assert.True(parent.GetProperty("run").GetProperty("runId").TryGetGuid(out _));
        Assert.NotEqual("", parent.GetProperty("job").GetProperty("name").GetString());
    }

    /// <summary>BaseFacet requires _producer and _schemaURL.</summary>
    private static void Facets(JsonElement owner, string name)
    {
        if (owner.TryGetProperty(name, out var facets))
        {
            Assert.All(facets.EnumerateObject(), facet => Assert.All(
                (string[])["_producer", "_schemaURL"], member => Assert.True(Uri.TryCreate(facet.Value.GetProperty(member).GetString(), UriKind.Absolute, out _))));
        }
    }

    private Uri Address() => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private LineageEvents Events(Uri? address = null)
    {
        var clients = new ServiceCollection().AddHttpClient().BuildServiceProvider().GetRequiredService<IHttpClientFactory>();
        return new(new HttpLineageSink(() => clients.CreateClient(), address ?? Address(), "key"), _clock, _notes.Add);
    }
}
