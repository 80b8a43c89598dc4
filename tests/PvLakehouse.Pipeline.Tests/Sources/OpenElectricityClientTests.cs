using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Tests.Sources;

public sealed class OpenElectricityClientTests
{
    private const string Point = """["2026-01-01T06:00:00+10:00",1.5]""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Facilities_are_asked_under_the_slashed_path_with_the_key()
    {
        var server = await StubServer.StartAsync(_ => StubAnswer.Ok("""
            {"success":true,"data":[{"code":"AVLSF","name":"Avonlie","network_id":"NEM","units":[]}]}
            """));
        await using var harness = SourceHarness.Over(server);

        var facilities = await harness.OpenElectricity
            .GetFacilitiesAsync(FacilityQuery.ByCode(["AVLSF"]), SourceHarness.Batch, Cancel).ToListAsync(Cancel);

        Assert.Equal("AVLSF", Assert.Single(facilities).Code);
        var request = Assert.Single(server.Requests);
        Assert.Equal(
            ("/v4/facilities/", "?facility_code=AVLSF", "Bearer sesame-1234567890"),
            (request.Path, request.Query, request.Authorization));
    }

    [Fact]
    public async Task No_data_is_an_empty_answer_and_not_an_error()
    {
        foreach (var status in new[] { 404, 416 })
        {
            var server = await StubServer.StartAsync(_ => StubAnswer.Of(status, Bodies.NoData));
            await using var harness = SourceHarness.Over(server);

            Assert.Empty(await EnergyAsync(harness));
            Assert.Single(server.Requests);
            Assert.Equal(status, Assert.Single(harness.Archive.Stored).Status);
        }
    }

    [Fact]
    public async Task A_wrong_address_is_not_mistaken_for_no_data()
    {
        var server = await StubServer.StartAsync(_ => StubAnswer.Of(404, """{"detail":"Not Found"}"""));
        await using var harness = SourceHarness.Over(server);

        var fault = await FaultAsync(harness);

        Assert.Equal(SourceFault.Refused, fault.Fault);
        Assert.Contains($"nothing answers at {server.Address}v4/data/facilities/NEM", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Windows_are_cut_to_the_configured_days_and_points_come_in_order()
    {
        var server = await StubServer.StartAsync(request => StubAnswer.Ok(Bodies.Energy(
            "AVLSF1", $"[\"{request.Value("date_start")}+10:00\",{request.Number}]")));
        await using var harness = SourceHarness.Over(server, Limit(hours: 8));

        var points = await EnergyAsync(harness, days: 20);

        Assert.Equal(
            [("2026-01-01T00:00:00", "2026-01-09T00:00:00"), ("2026-01-09T00:00:00", "2026-01-17T00:00:00"),
                ("2026-01-17T00:00:00", "2026-01-21T00:00:00")],
            server.Requests.Select(request => (request.Value("date_start"), request.Value("date_end"))));
        Assert.Equal([0.0, 1.0, 2.0], points.Select(point => point.EnergyMwh!.Value));
        Assert.Equal("2026-01-08T14:00Z", points[1].ToHour().Hour.ToString());
    }

    [Fact]
    public async Task The_server_s_own_limit_is_obeyed_and_remembered()
    {
        var server = await StubServer.StartAsync(request =>
        {
            var start = DateTime.Parse(request.Value("date_start"), null);
            var tooLong = (DateTime.Parse(request.Value("date_end"), null) - start).Days > 7;
            return tooLong
                ? StubAnswer.Of(400, """
                    {"version":"4.5.11","response_status":"ERROR","success":false,
                     "error":"Date range too large for 1h interval. Maximum range is 7 days."}
                    """)
                : StubAnswer.Ok(Bodies.Energy("AVLSF1", $"[\"{start:s}+10:00\",1]"));
        });
        await using var harness = SourceHarness.Over(server, Limit(hours: 30));

        var points = await EnergyAsync(harness, days: 40);

        // 30 + 10 days are refused once, then read as 7+7+7+7+2 and 7+3.
        Assert.Equal(1 + 5 + 2, server.Requests.Count);
        Assert.Equal(
            [1, 8, 15, 22, 29, 31, 38],
            points.Select(point => (point.Stamp.AddHours(10) - new DateTimeOffset(2025, 12, 31, 0, 0, 0, TimeSpan.Zero)).Days));
        await EnergyAsync(harness, days: 14);
        Assert.Equal(8 + 2, server.Requests.Count);
    }

    [Theory]
    [InlineData(400, """{"error":"Date start is too far in the past. Your plan allows data from the last 730 days."}""", "last 730 days")]
    [InlineData(403, """{"detail":"Forbidden"}""", "403: Forbidden")]
    [InlineData(422, """{"detail":[{"type":"enum","loc":["query","interval"],"msg":"Input should be '5m'","input":"30m"}]}""", "422: query.interval: Input should be '5m'")]
    [InlineData(400, """{"error":{"code":7,"message":"no such thing"}}""", "400: no such thing")]
    [InlineData(400, "Date range too large. Maximum range is 9999 days.", "Maximum range is 9999 days")]
    public async Task What_the_server_refuses_is_asked_once_and_told_in_its_words(int status, string body, string words)
    {
        var server = await StubServer.StartAsync(_ => StubAnswer.Of(status, body));
        await using var harness = SourceHarness.Over(server);

        var fault = await FaultAsync(harness);

        Assert.Equal(SourceFault.Refused, fault.Fault);
        Assert.StartsWith(
            "openelectricity/energy (NEM 2026-01-01T00:00:00 to 2026-01-02T00:00:00, 1h, AVLSF): ", fault.Message,
            StringComparison.Ordinal);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_key_that_never_worked_is_told_from_one_whose_quota_is_used_up()
    {
        const string refused = """{"error":"Authentication failed","success":false}""";
        var never = await StubServer.StartAsync(_ => StubAnswer.Of(401, refused));
        await using var first = SourceHarness.Over(never);
        var later = await StubServer.StartAsync(request =>
            request.Number == 0 ? StubAnswer.Ok(Bodies.Energy("AVLSF1", Point)) : StubAnswer.Of(401, refused));
        await using var second = SourceHarness.Over(later, Limit(hours: 8));

        var unknown = await FaultAsync(first);
        var exhausted = await FaultAsync(second, days: 30);

        Assert.Equal(SourceFault.Unauthorized, unknown.Fault);
        Assert.Contains("check OPENELECTRICITY_API_KEY", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(SourceFault.LimitReached, exhausted.Fault);
        Assert.Contains("its quota is probably used up", exhausted.Message, StringComparison.Ordinal);
        Assert.Equal((1, 2), (never.Requests.Count, later.Requests.Count));
    }

    [Fact]
    public async Task Without_a_key_the_public_api_is_not_even_asked()
    {
        var server = await StubServer.StartAsync(_ => StubAnswer.Ok("{}"));
        await using var harness = SourceHarness.Over(server, options => options with
        {
            OpenElectricity = options.OpenElectricity with { Key = null, KeyRequired = true },
        });

        var fault = await FaultAsync(harness);

        Assert.Contains("set OPENELECTRICITY_API_KEY", fault.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_key_appears_in_no_log_no_message_and_no_archive()
    {
        var server = await StubServer.StartAsync(request => request.Number switch
        {
            0 => StubAnswer.Of(500, "{}"),
            1 => StubAnswer.Ok(Bodies.Energy("AVLSF1", Point)),
            _ => StubAnswer.Of(400, "{}"),
        });
        await using var harness = SourceHarness.Over(server);
        await EnergyAsync(harness);
        var fault = await FaultAsync(harness);

        var payload = Assert.Single(harness.Archive.Stored);
        var written = string.Join('\n', [.. harness.Log.Lines, fault.ToString(), payload.ToString(), harness.Options.ToString()]);
        Assert.NotEmpty(harness.Log.Lines);
        Assert.DoesNotContain("sesame", written, StringComparison.Ordinal);
        Assert.All(server.Requests, request => Assert.Equal("Bearer sesame-1234567890", request.Authorization));
    }

    [Fact]
    public async Task The_archive_holds_each_body_exactly_and_can_stand_in_for_the_api()
    {
        var body = Bodies.Energy("AVLSF1", Point + """,["2026-01-01T07:00:00+10:00",null]""");
        var server = await StubServer.StartAsync(_ => StubAnswer.Ok(body));
        await using var harness = SourceHarness.Over(server);

        var points = await EnergyAsync(harness);

        var payload = Assert.Single(harness.Archive.Stored);
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(body), payload.Body.ToArray());
        Assert.Equal((200, "openelectricity/energy", SourceHarness.Now), (payload.Status, payload.Source, payload.ReceivedAt));
        Assert.Equal(points, SourcePayload.Energy(payload));
    }

    [Fact]
    public async Task Malformed_json_is_not_asked_again_and_nothing_of_it_is_used()
    {
        var server = await StubServer.StartAsync(_ => StubAnswer.Ok("""{"success":true,"data":[{"network_code":oops}]}"""));
        await using var harness = SourceHarness.Over(server);

        var fault = await FaultAsync(harness);

        Assert.Equal(SourceFault.BadPayload, fault.Fault);
        Assert.Contains("at $.data[0].network_code expected valid JSON", fault.Message, StringComparison.Ordinal);
        Assert.Contains("NEM 2026-01-01T00:00:00", fault.Window, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Empty(harness.Archive.Stored);
    }

    [Fact]
    public async Task Progress_is_told_after_each_request()
    {
        var server = await StubServer.StartAsync(_ => StubAnswer.Ok(Bodies.Energy("AVLSF1", Point)));
        await using var harness = SourceHarness.Over(server, Limit(hours: 8));
        var told = new List<SourceProgress>();

        await harness.OpenElectricity
            .GetEnergyAsync(Query(20), SourceHarness.Batch with { Progress = new Recorder(told) }, Cancel).ToListAsync(Cancel);

        Assert.Equal([new(1, 3), new(2, 3), new(3, 3)], told);
    }

    private static Func<SourceOptions, SourceOptions> Limit(int hours) => options => options with
    {
        OpenElectricity = options.OpenElectricity with { MaxDays = new(FiveMinutes: 8, Hour: hours, Day: 366) },
    };

    private static EnergyQuery Query(int days) => new(
        [Bodies.Avonlie], NetworkWindow.OfDays(NetworkClock.Nem, new(2026, 1, 1), new DateOnly(2026, 1, 1).AddDays(days - 1)));

    private static async Task<List<EnergyPoint>> EnergyAsync(SourceHarness harness, int days = 1) =>
        await harness.OpenElectricity.GetEnergyAsync(Query(days), SourceHarness.Batch, Cancel).ToListAsync(Cancel);

    private static Task<SourceException> FaultAsync(SourceHarness harness, int days = 1) =>
        Assert.ThrowsAsync<SourceException>(() => EnergyAsync(harness, days));

    private sealed class Recorder(List<SourceProgress> told) : IProgress<SourceProgress>
    {
        public void Report(SourceProgress value) => told.Add(value);
    }
}
