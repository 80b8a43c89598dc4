using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using PvLakehouse.Sandbox.Faults;
using PvLakehouse.Sandbox.Tests.Support;

namespace PvLakehouse.Sandbox.Tests.Faults;

public sealed class FaultyServerTests
{
    private const string Energy = "v4/data/facilities/NEM?metrics=energy&interval=1h&facility_code=AVLSF&date_start=2025-11-01&date_end=2025-11-02";
    private const string Weather = "v1/archive?latitude=0&longitude=0&hourly=rain&start_date=2025-11-01&end_date=2025-11-01";

    [Theory]
    [InlineData("429", Energy, 429, """{"version":"4.5.11","response_status":"ERROR","error":"Too Many Requests","success":false}""")]
    [InlineData("500", Energy, 500, """{"version":"4.5.11","response_status":"ERROR","error":"An internal server error occurred. Please try again later.","success":false}""")]
    [InlineData("503", Energy, 503, """{"version":"4.5.11","response_status":"ERROR","error":"Maintenance Mode","success":false}""")]
    [InlineData("429", Weather, 429, """{"error":true,"reason":"Minutely API request limit exceeded. Please try again in one minute."}""")]
    [InlineData("500", Weather, 500, """{"error":true,"reason":"Internal Server Error"}""")]
    [InlineData("503", Weather, 503, """{"error":true,"reason":"The service is overloaded"}""")]
    public async Task Faults_with_a_status_have_the_bodies_of_the_servers(string fault, string path, int expected, string expectedBody)
    {
        await using var sandbox = await StartAsync(fault + ":1");

        var (status, body) = await sandbox.GetAsync(path);

        Assert.Equal((expected, expectedBody), (status, body.ToJsonString()));
        Assert.Equal(1, Assert.Single(sandbox.Server.Statistics.Faults).Value);
    }

    [Fact]
    public async Task A_truncated_energy_answer_has_fewer_bytes_than_it_promised()
    {
        await using var sandbox = await StartAsync("truncate:1");

        using var response = await sandbox.Client.GetAsync(Energy, HttpCompletionOption.ResponseHeadersRead, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 1000);
        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Truncated_weather_breaks_off_in_an_error_text_or_loses_its_connection()
    {
        await using var sandbox = await StartAsync("truncate:1");
        var (tails, lost) = (0, 0);
        for (var i = 0; i < 40; i++)
        {
            try
            {
                var text = await sandbox.TextAsync(Weather);
                Assert.Contains("Unexpected error while streaming data: ", text, StringComparison.Ordinal);
                Assert.StartsWith("{\"latitude\":0,", text, StringComparison.Ordinal);
                Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(text));
                tails++;
            }
            catch (HttpRequestException)
            {
                lost++;
            }
        }

        Assert.True(tails > 5 && lost > 5, $"{tails} with a tail, {lost} lost");
    }

    [Fact]
    public async Task A_truncated_binary_answer_reads_unex_where_its_length_should_be()
    {
        await using var sandbox = await StartAsync("truncate:1");
        byte[] bytes = [];
        while (bytes.Length == 0)
        {
            try
            {
                bytes = await sandbox.Client.GetByteArrayAsync(Weather + "&format=flatbuffers", Cancellation);
            }
            catch (HttpRequestException)
            {
                // The other way of breaking off: the next request may meet the one that is looked for.
            }
        }

        Assert.Equal(0x78656E55, BitConverter.ToInt32(bytes));
    }

    [Theory]
    [InlineData(Energy)]
    [InlineData(Weather)]
    public async Task A_malformed_answer_is_complete_but_no_json(string path)
    {
        await using var sandbox = await StartAsync("malformed:1");

        var text = await sandbox.TextAsync(path);

        Assert.True(text.Length > 50);
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(text));
    }

    [Theory]
    [InlineData(Energy, "data")]
    [InlineData(Weather, "hourly")]
    public async Task A_wrong_type_is_a_text_where_the_data_should_be(string path, string key)
    {
        await using var sandbox = await StartAsync("wrongtype:1");

        var body = await sandbox.OkAsync(path);

        Assert.Equal("unexpected", (string?)body[key]);
    }

    [Fact]
    public async Task A_server_that_is_down_closes_the_connection()
    {
        await using var sandbox = await StartAsync("down:1");

        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.TextAsync(Energy));
        Assert.Equal("\"OK\"", await sandbox.TextAsync("health"));
    }

    [Fact]
    public async Task A_slow_answer_is_right_but_late()
    {
        await using var sandbox = await StartAsync("slow:1");

        var answer = sandbox.OkAsync(Energy);
        while (!answer.IsCompleted)
        {
            // The server waits on the clock of the test, once the request has arrived there.
            sandbox.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(24, (await answer)["data"]![0]!["results"]![0]!["data"]!.AsArray().Count);
        Assert.True(sandbox.Clock.GetUtcNow() >= TestSandbox.Now.AddSeconds(2));
    }

    [Fact]
    public async Task Shares_hold_over_many_requests()
    {
        await using var sandbox = await StartAsync("429:0.2,500:0.1");
        var statuses = new List<int>();
        for (var i = 0; i < 500; i++)
        {
            statuses.Add((await sandbox.GetAsync(Energy)).Status);
        }

        // Four standard deviations around 100 and 50: 36 and 27.
        Assert.InRange(statuses.Count(status => status == 429), 64, 136);
        Assert.InRange(statuses.Count(status => status == 500), 23, 77);
        Assert.Equal(statuses.Count(status => status == 429), sandbox.Server.Statistics.Faults[FaultKind.TooManyRequests]);
        Assert.Equal(500, sandbox.Server.Statistics.Requests);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<TestSandbox> StartAsync(string faults) =>
        TestSandbox.StartAsync(with: options => options with { Faults = FaultPlan.Parse(faults) });
}
