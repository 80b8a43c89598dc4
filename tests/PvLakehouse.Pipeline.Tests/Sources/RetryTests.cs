using System.Net;
using System.Net.Sockets;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Tests.Sources;

/// <summary>What is asked again, when, and what is not. The clock jumps; no test waits.</summary>
public sealed class RetryTests
{
    private static readonly StubAnswer Good =
        StubAnswer.Ok(Bodies.Energy("AVLSF1", """["2026-01-01T06:00:00+10:00",1.5]"""));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_fault_that_may_pass_is_asked_again_after_growing_waits(int status)
    {
        var server = await StubServer.StartAsync(
            request => request.Number < 2 ? StubAnswer.Of(status, "busy") : Good);
        await using var harness = SourceHarness.Over(server, Delay(TimeSpan.FromSeconds(10)));

        Assert.Single(await EnergyAsync(harness));

        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(2, harness.Clock.Waits.Count);

        // Polly's decorrelated jitter spreads the n-th wait around 10 s × 2^n, never beyond the configured longest
        // wait.
        Assert.All(harness.Clock.Waits, wait => Assert.InRange(wait.TotalSeconds, 0.1, 120));
        Assert.Single(harness.Archive.Stored);
    }

    [Fact]
    public async Task After_the_last_retry_the_fault_is_told_in_the_server_s_words()
    {
        var server = await StubServer.StartAsync(_ => StubAnswer.Of(503, """{"error":"Maintenance Mode"}"""));
        await using var harness = SourceHarness.Over(server);

        var fault = await FaultAsync(harness);

        Assert.Equal(SourceFault.Unavailable, fault.Fault);
        Assert.Contains("failed each of 4 times (503: Maintenance Mode)", fault.Message, StringComparison.Ordinal);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task The_wait_that_the_server_asks_for_is_kept()
    {
        var server = await StubServer.StartAsync(request => request.Number switch
        {
            0 => StubAnswer.Of(429, "slow down") with { RetryAfter = "17" },
            1 => StubAnswer.Of(503, "down") with { RetryAfter = "Tue, 03 Feb 2026 04:06:00 GMT" },
            _ => Good,
        });
        await using var harness = SourceHarness.Over(server);

        Assert.Single(await EnergyAsync(harness));

        // The clock starts at 04:05:06; 17 s later it is 04:05:23, and 37 s remain to 04:06:00.
        Assert.Equal([17.0, 37.0], harness.Clock.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task A_wait_that_is_too_long_is_an_error_at_once()
    {
        var server = await StubServer.StartAsync(_ => StubAnswer.Of(429, """{"error":"quota"}""") with { RetryAfter = "3600" });
        await using var harness = SourceHarness.Over(server);

        var fault = await FaultAsync(harness);

        Assert.Equal(SourceFault.LimitReached, fault.Fault);
        Assert.Contains("429: quota", fault.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Empty(harness.Clock.Waits);
    }

    [Fact]
    public async Task A_minutely_limit_is_waited_for_until_the_next_clock_minute()
    {
        var server = await StubServer.StartAsync(request => request.Number == 0
            ? StubAnswer.Of(429, """{"error":true,"reason":"Minutely API request limit exceeded. Please try again in one minute."}""")
            : StubAnswer.Ok(Bodies.Hourly(request, AirQualityVariables.All)));
        await using var harness = SourceHarness.Over(server);

        Assert.Equal(24, (await AirAsync(harness)).Count);

        // From 04:05:06 to 04:06:00 and a second for clocks that differ.
        Assert.Equal([55.0], harness.Clock.Waits.Select(wait => wait.TotalSeconds));
    }

    [Theory]
    [InlineData("Hourly API request limit exceeded. Please try again in the next hour.", "Try again in the next hour.")]
    [InlineData("Daily API request limit exceeded. Please try again tomorrow.", "Try again tomorrow (UTC).")]
    public async Task An_hourly_or_daily_limit_is_an_error_at_once(string reason, string advice)
    {
        var server = await StubServer.StartAsync(
            _ => StubAnswer.Of(429, $$"""{"error":true,"reason":"{{reason}}"}"""));
        await using var harness = SourceHarness.Over(server);

        var fault = await Assert.ThrowsAsync<SourceException>(() => AirAsync(harness));

        Assert.Equal(SourceFault.LimitReached, fault.Fault);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(advice, fault.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_body_cut_on_its_way_is_asked_again_and_gives_its_rows_once()
    {
        var server = await StubServer.StartAsync(request => request.Number switch
        {
            0 => Good with { HangsUp = true },
            1 => Good with { Body = Good.Body[..^30] },
            2 => StubAnswer.Ok(""),
            _ => Good,
        });
        await using var harness = SourceHarness.Over(server);

        Assert.Single(await EnergyAsync(harness));

        Assert.Equal(4, server.Requests.Count);
        Assert.Equal(Good.Body, Assert.Single(harness.Archive.Stored).Body.ToArray());
    }

    [Fact]
    public async Task A_stream_that_ends_in_the_server_s_error_text_is_asked_again()
    {
        var server = await StubServer.StartAsync(request =>
        {
            var body = Bodies.Hourly(request, AirQualityVariables.All);
            return StubAnswer.Ok(request.Number == 0
                ? body[..(body.Length / 2)] + "Unexpected error while streaming data: timeoutReached"
                : body);
        });
        await using var harness = SourceHarness.Over(server);

        Assert.Equal(24, (await AirAsync(harness)).Count);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_body_that_is_cut_every_time_is_an_error()
    {
        var server = await StubServer.StartAsync(_ => Good with { Body = Good.Body[..^30] });
        await using var harness = SourceHarness.Over(server);

        var fault = await FaultAsync(harness);

        Assert.Equal(SourceFault.Unavailable, fault.Fault);
        Assert.Contains($"it ends after {Good.Body.Length - 30} bytes", fault.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Archive.Stored);
    }

    [Fact]
    public async Task An_attempt_without_answer_is_given_up_and_asked_again()
    {
        SourceHarness? harness = null;
        var server = await StubServer.StartAsync(request => request.Number == 0
            ? Good with { Silence = () => harness!.Clock.Jump(JumpingClock.Timeouts) }
            : Good);
        await using var disposing = harness = SourceHarness.Over(server);

        Assert.Single(await EnergyAsync(harness));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        // A port that was free a moment ago.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        listener.Stop();
        await using var harness = SourceHarness.Over(address);

        var fault = await FaultAsync(harness);

        Assert.Equal(SourceFault.Unreachable, fault.Fault);
        Assert.Contains($"cannot reach {address.GetLeftPart(UriPartial.Authority)}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("is it running", fault.Message, StringComparison.Ordinal);
        Assert.Equal(3, harness.Clock.Waits.Count);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_since_it_would_lose_the_key()
    {
        var server = await StubServer.StartAsync(_ => StubAnswer.Of(307, "") with { Location = "http://elsewhere/" });
        await using var harness = SourceHarness.Over(server);

        Assert.Contains("redirects to http://elsewhere/", (await FaultAsync(harness)).Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Cancelling_ends_the_read_and_its_requests()
    {
        using var stop = new CancellationTokenSource();
        var server = await StubServer.StartAsync(_ => Good with { Silence = stop.Cancel });
        await using var harness = SourceHarness.Over(server);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EnergyAsync(harness, stop.Token));
        Assert.Single(server.Requests);
    }

    private static Func<SourceOptions, SourceOptions> Delay(TimeSpan delay) => options => options with
    {
        Transport = options.Transport with { RetryDelay = delay },
    };

    private static async Task<List<EnergyPoint>> EnergyAsync(SourceHarness harness, CancellationToken? cancellation = null)
    {
        var window = NetworkWindow.OfDays(NetworkClock.Nem, new(2026, 1, 1), new(2026, 1, 1));
        var token = cancellation ?? Cancel;
        return await harness.OpenElectricity
            .GetEnergyAsync(new([Bodies.Avonlie], window), SourceHarness.Batch, token).ToListAsync(token);
    }

    private static Task<SourceException> FaultAsync(SourceHarness harness) =>
        Assert.ThrowsAsync<SourceException>(() => EnergyAsync(harness));

    private static async Task<List<HourlyRow>> AirAsync(SourceHarness harness)
    {
        var first = UtcHour.StartingAt(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return await harness.OpenMeteo
            .GetAirQualityAsync(new([Bodies.Avonlie], first, first.AddHours(23)), SourceHarness.Batch, Cancel).ToListAsync(Cancel);
    }
}
