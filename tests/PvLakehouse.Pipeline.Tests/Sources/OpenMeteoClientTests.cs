using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Drift;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Tests.Sources;

public sealed class OpenMeteoClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_belong_to_the_farms_in_the_order_asked_and_cover_exactly_the_window()
    {
        var server = await StubServer.StartAsync(request => StubAnswer.Ok(Bodies.Hourly(request, WeatherVariables.All)));
        await using var harness = SourceHarness.Over(server);
        var window = NetworkWindow.OfDays(NetworkClock.Nem, new(2026, 1, 2), new(2026, 1, 2));

        var rows = await harness.OpenMeteo
            .GetWeatherAsync(HourlyQuery.Covering([Bodies.Avonlie, Bodies.Emerald], window), SourceHarness.Batch, Cancel)
            .ToListAsync(Cancel);

        var request = Assert.Single(server.Requests);
        Assert.Equal("/v1/archive", request.Path);
        Assert.Equal("-34.91911,-23.50879", request.Value("latitude"));
        Assert.Equal("146.60954,148.12802", request.Value("longitude"));
        Assert.Equal(("2026-01-01", "2026-01-02", "GMT"), (request.Value("start_date"), request.Value("end_date"), request.Value("timezone")));

        // Stamps 14:00Z to 14:00Z of the next day: 25 for each farm, of the 48 that the two days hold.
        Assert.Equal(50, rows.Count);
        Assert.Equal(("AVLSF", "2026-01-01T14:00", 1400.0), (rows[0].Facility.Code, rows[0].Date, rows[0].Values[0]!.Value));
        Assert.Equal(("AVLSF", "2026-01-02T14:00Z", 3820.0), (rows[24].Facility.Code, rows[24].Stamp.ToString(), rows[24].Values[20]!.Value));
        Assert.Equal(("EMERASF", "2026-01-01T14:00", 1400.5), (rows[25].Facility.Code, rows[25].Date, rows[25].Values[0]!.Value));
        Assert.Equal(-34.919115, rows[0].Facility.Latitude);
    }

    [Fact]
    public async Task One_farm_comes_as_an_object_and_air_quality_has_its_own_path_and_variables()
    {
        var server = await StubServer.StartAsync(request => StubAnswer.Ok(Bodies.Hourly(request, AirQualityVariables.All)));
        await using var harness = SourceHarness.Over(server);

        var rows = await harness.OpenMeteo.GetAirQualityAsync(Day(), SourceHarness.Batch, Cancel).ToListAsync(Cancel);

        Assert.Equal("/v1/air-quality", Assert.Single(server.Requests).Path);
        Assert.StartsWith("pm2_5,pm10,dust,", server.Requests[0].Value("hourly"), StringComparison.Ordinal);
        Assert.Equal(24, rows.Count);
        Assert.Equal(new AtInstant<double?>(rows[3].Stamp, 308), AirQualityVariables.UvIndexClearSky.In(rows[3]));
    }

    [Fact]
    public async Task Missing_values_are_null()
    {
        var server = await StubServer.StartAsync(request => StubAnswer.Ok(
            Bodies.Hourly(request, AirQualityVariables.All).Replace("\"dust\":[2,", "\"dust\":[null,", StringComparison.Ordinal)));
        await using var harness = SourceHarness.Over(server);

        var rows = await harness.OpenMeteo.GetAirQualityAsync(Day(), SourceHarness.Batch, Cancel).ToListAsync(Cancel);

        Assert.Null(AirQualityVariables.Dust.In(rows[0]).Value);
        Assert.Equal(102, AirQualityVariables.Dust.In(rows[1]).Value);
    }

    [Fact]
    public async Task Values_in_another_unit_are_none_and_it_is_noted_where()
    {
        var server = await StubServer.StartAsync(request => StubAnswer.Ok(
            Bodies.Hourly(request, WeatherVariables.All).Replace("\"wind_gusts_10m\":\"km/h\"", "\"wind_gusts_10m\":\"m/s\"", StringComparison.Ordinal)));
        await using var harness = SourceHarness.Over(server);
        var drift = new DriftLog();

        var rows = await harness.OpenMeteo.GetWeatherAsync(Day(), SourceHarness.Batch with { Drift = drift }, Cancel).ToListAsync(Cancel);

        Assert.All(rows, row => Assert.Null(WeatherVariables.WindGusts.In(row).Value));
        Assert.All(rows, row => Assert.NotNull(WeatherVariables.WindSpeed.In(row).Value));
        Assert.Equal(
            [
                new SchemaDrift("open-meteo/archive", "$.hourly_units.wind_gusts_10m", DriftKind.Retyped)
                {
                    Expected = "the unit 'km/h'",
                    Found = "'m/s'",
                    Sample = "'m/s'",
                },
            ],
            drift.All);
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_server_s_words_and_asked_once()
    {
        var server = await StubServer.StartAsync(_ => StubAnswer.Of(
            400, """{"error":true,"reason":"Parameter 'end_date' is out of allowed range from 1940-01-01 to 2026-08-20"}"""));
        await using var harness = SourceHarness.Over(server);

        var fault = await Assert.ThrowsAsync<SourceException>(
            async () => await harness.OpenMeteo.GetWeatherAsync(Day(), SourceHarness.Batch, Cancel).ToListAsync(Cancel));

        Assert.Contains("400: Parameter 'end_date' is out of allowed range", fault.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Several_requests_run_side_by_side_and_still_give_their_rows_in_order()
    {
        // The first request is answered only once the second has arrived, so the two must overlap.
        using var second = new ManualResetEventSlim();
        var server = await StubServer.StartAsync(request =>
        {
            if (request.Value("start_date") is "2026-01-01")
            {
                second.Wait(Cancel);
            }
            else
            {
                second.Set();
            }

            return StubAnswer.Ok(Bodies.Hourly(request, AirQualityVariables.All));
        });
        await using var harness = SourceHarness.Over(server, options => options with
        {
            OpenMeteo = options.OpenMeteo with { MaxDaysPerRequest = 1 },
            Transport = options.Transport with { Parallelism = 2 },
        });

        var rows = await harness.OpenMeteo
            .GetAirQualityAsync(Day(hours: 96), SourceHarness.Batch, Cancel).ToListAsync(Cancel);

        Assert.Equal(96, rows.Count);
        Assert.Equal(Enumerable.Range(0, 96), rows.Select(row => row.Stamp - Day().First));
        Assert.Equal([1, 2, 3, 4], harness.Archive.Stored.Select(payload => payload.From!.Value.Day).Order());
    }

    [Fact]
    public async Task A_read_beyond_the_day_s_budget_stops_at_it_and_what_was_read_is_archived()
    {
        var server = await StubServer.StartAsync(request => StubAnswer.Ok(Bodies.Hourly(request, WeatherVariables.All)));
        await using var harness = SourceHarness.Over(server, options => options with
        {
            OpenMeteo = options.OpenMeteo with { WeightPerDay = 100, MaxWeightPerRequest = 75 },
        });
        var first = Day().First.AddHours(-24 * 999);

        var fault = await Assert.ThrowsAsync<SourceException>(async () => await harness.OpenMeteo
            .GetWeatherAsync(new([Bodies.Avonlie], first, Day().First.AddHours(23)), SourceHarness.Batch, Cancel).ToListAsync(Cancel));

        // 1000 days in two requests of 500: 2 × 2.1 × 500 / 14 = 150.
        Assert.Equal(SourceFault.LimitReached, fault.Fault);
        Assert.Contains("of 100 per day 75 are used and the next request costs 75", fault.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Single(harness.Archive.Stored);
    }

    [Fact]
    public async Task The_archive_can_stand_in_for_the_api()
    {
        var server = await StubServer.StartAsync(request => StubAnswer.Ok(Bodies.Hourly(request, WeatherVariables.All)));
        await using var harness = SourceHarness.Over(server);
        var query = new HourlyQuery([Bodies.Avonlie, Bodies.Emerald], Day().First.AddHours(5), Day().First.AddHours(30));

        var rows = await harness.OpenMeteo.GetWeatherAsync(query, SourceHarness.Batch, Cancel).ToListAsync(Cancel);

        var again = SourcePayload.Hourly(Assert.Single(harness.Archive.Stored)).ToList();
        Assert.Equal(
            rows.Select(row => (row.Facility, row.Stamp, row.Date, string.Join('|', row.Values))),
            again.Select(row => (row.Facility, row.Stamp, row.Date, string.Join('|', row.Values))));
        Assert.Equal(52, again.Count);
    }

    private static HourlyQuery Day(int hours = 24)
    {
        var first = UtcHour.StartingAt(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return new([Bodies.Avonlie], first, first.AddHours(hours - 1));
    }
}
