using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Tests.Support;

namespace PvLakehouse.Sandbox.Tests.OpenElectricity;

public sealed class SeriesTests : IAsyncLifetime
{
    private const string Avonlie = "v4/data/facilities/NEM?metrics=energy&facility_code=AVLSF";

    private TestSandbox _sandbox = null!;

    public async ValueTask InitializeAsync() => _sandbox = await TestSandbox.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Hours_are_labelled_by_their_start_in_network_time_and_the_end_is_exclusive()
    {
        var body = await _sandbox.OkAsync(Avonlie + "&interval=1h&date_start=2025-11-01T06:00:00&date_end=2025-11-01T08:00:00");

        // 06:00 +10:00 is 20:00 UTC, so the values are 20.25 and 21.25.
        Assert.Equal(
            """
            {"version":"4.5.11","created_at":"2025-11-20T13:00:00+11:00","success":true,"data":[{"network_code":"NEM","metric":"energy","unit":"MWh","interval":"1h","date_start":"2025-11-01T06:00:00+10:00","date_end":"2025-11-01T07:00:00+10:00","groupings":[],"results":[{"name":"energy_AVLSF1","date_start":"2025-11-01T06:00:00+10:00","date_end":"2025-11-01T07:00:00+10:00","columns":{"unit_code":"AVLSF1"},"data":[["2025-11-01T06:00:00+10:00",20.25],["2025-11-01T07:00:00+10:00",21.25]]}],"network_timezone_offset":"+10:00"}]}
            """,
            body.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public async Task A_whole_day_is_24_hours() =>
        Assert.Equal(24, (await PointsAsync(Avonlie + "&interval=1h&date_start=2025-11-01&date_end=2025-11-02")).Count);

    [Fact]
    public async Task Five_minute_stamps_of_the_nem_mark_the_end_of_their_interval()
    {
        var points = await PointsAsync(Avonlie + "&interval=5m&date_start=2025-11-01T10:00:00&date_end=2025-11-01T10:10:00");

        // 10:00 +10:00 is 00:00 UTC and ends the last 5 minutes of the UTC day before, number 287; 10:05 ends number 0.
        Assert.Equal([("2025-11-01T10:00:00+10:00", 0.287), ("2025-11-01T10:05:00+10:00", 0.0)], points);
    }

    [Fact]
    public async Task Five_minute_stamps_of_the_wem_mark_the_start()
    {
        var points = await PointsAsync(
            "v4/data/facilities/WEM?metrics=energy&facility_code=MERSOLAR&interval=5m&date_start=2025-11-01T08:00:00&date_end=2025-11-01T08:10:00");

        Assert.Equal([("2025-11-01T08:00:00+08:00", 0.0), ("2025-11-01T08:05:00+08:00", 0.001)], points);
    }

    [Fact]
    public async Task Overlapping_pages_send_rows_twice()
    {
        // 21 to 23 UTC is 07 to 09 in the NEM.
        var from = new DateTimeOffset(2025, 10, 31, 21, 0, 0, TimeSpan.Zero);
        await using var sandbox = await TestSandbox.StartAsync(new CountingData { Twice = (from, from.AddHours(2)) });

        var body = await sandbox.OkAsync(Avonlie + "&interval=1h&date_start=2025-11-01T06:00:00&date_end=2025-11-01T10:00:00");

        Assert.Equal(
            [20.25, 21.25, 22.25, 21.25, 22.25, 23.25],
            body["data"]![0]!["results"]![0]!["data"]!.AsArray().Select(point => point![1]!.GetValue<double>()));
    }

    [Fact]
    public async Task Gaps_inside_are_null_and_nothing_is_invented_before_the_first_or_after_the_last_point()
    {
        // Missing in UTC: 20 h, 22 h and 23 h, which are 06, 08 and 09 in the NEM.
        var gaps = new[] { 20, 22, 23 }.Select(hour => new DateTimeOffset(2025, 10, 31, hour, 0, 0, TimeSpan.Zero));
        await using var sandbox = await TestSandbox.StartAsync(new CountingData { Gaps = [.. gaps] });

        var inside = await PointsAsync(Avonlie + "&interval=1h&date_start=2025-11-01T06:00:00&date_end=2025-11-01T11:00:00", sandbox);
        var outside = await PointsAsync(Avonlie + "&interval=1h&date_start=2025-11-01T06:00:00&date_end=2025-11-01T10:00:00", sandbox);

        Assert.Equal(
            [("2025-11-01T07:00:00+10:00", 21.25), ("2025-11-01T08:00:00+10:00", null), ("2025-11-01T09:00:00+10:00", null), ("2025-11-01T10:00:00+10:00", 0.25)],
            inside);
        Assert.Equal([("2025-11-01T07:00:00+10:00", 21.25)], outside);
    }

    [Theory]
    // A network day is UTC 14 h to 13 h, all 24 numbers once: 276 + 24 x 0.25 = 282 MWh.
    [InlineData("1d", "2025-11-01", "2025-11-03", "2025-11-01 282 2025-11-02 282")]
    // Weeks start on Sunday: 2025-11-02 was one. Saturday alone belongs to the week of 26 October.
    [InlineData("7d", "2025-11-01", "2025-11-04", "2025-10-26 282 2025-11-02 564")]
    [InlineData("1M", "2025-09-30", "2025-11-02", "2025-09-01 282 2025-10-01 8742 2025-11-01 282")]
    [InlineData("3M", "2025-09-30", "2025-10-02", "2025-07-01 282 2025-10-01 282")]
    // Spring starts on 1 September, whose calendar quarter starts on 1 July; summer on 1 December.
    [InlineData("season", "2025-08-31", "2025-09-02", "2025-04-01 282 2025-07-01 282")]
    [InlineData("1y", "2024-12-31", "2025-01-02", "2024-01-01 282 2025-01-01 282")]
    // The financial year July 2025 to June 2026 goes by 2026.
    [InlineData("fy", "2025-06-30", "2025-07-02", "2025-01-01 282 2026-01-01 282")]
    public async Task Longer_buckets_sum_the_hours_and_carry_the_servers_labels(string interval, string start, string end, string expected)
    {
        var points = await PointsAsync($"{Avonlie}&interval={interval}&date_start={start}&date_end={end}");

        Assert.Equal(expected, string.Join(' ', points.Select(point =>
            string.Create(CultureInfo.InvariantCulture, $"{point.Stamp[..10]} {point.Value}"))));
        Assert.All(points, point => Assert.EndsWith("T00:00:00+10:00", point.Stamp, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Power_is_the_mean_and_metrics_come_in_the_order_asked_for()
    {
        var body = await _sandbox.OkAsync(
            "v4/data/facilities/NEM?metrics=power&metrics=energy&facility_code=AVLSF&interval=1d&date_start=2025-11-01&date_end=2025-11-02");

        Assert.Equal(["power MW", "energy MWh"], body["data"]!.AsArray().Select(one => $"{one!["metric"]} {one["unit"]}"));
        // 282 MWh in 24 h.
        Assert.Equal(11.75, (double)body["data"]![0]!["results"]![0]!["data"]![0]![1]!);
    }

    [Fact]
    public async Task Metrics_without_data_have_no_results_and_alone_are_404()
    {
        const string Day = "&facility_code=AVLSF&interval=1d&date_start=2025-11-01&date_end=2025-11-02";
        var body = await _sandbox.OkAsync("v4/data/facilities/NEM?metrics=energy&metrics=market_value" + Day);
        var (alone, _) = await _sandbox.GetAsync("v4/data/facilities/NEM?metrics=market_value" + Day);

        Assert.Empty(body["data"]![1]!["results"]!.AsArray());
        Assert.Equal(404, alone);
    }

    [Fact]
    public async Task Without_an_end_the_range_ends_at_the_last_five_minutes_and_the_running_hour_is_there_in_part()
    {
        _sandbox.Clock.SetUtcNow(new(2025, 11, 20, 2, 22, 0, TimeSpan.Zero));

        var points = await PointsAsync(Avonlie + "&interval=1h&date_start=2025-11-20T11:00:00");

        // 12:00 to 12:15 are the stamps before 12:20, the last full mark of the NEM at 02:22 UTC: they end the 5 minutes 23, 24, 25, 26 of the UTC day.
        Assert.Equal([("2025-11-20T11:00:00+10:00", 1.25), ("2025-11-20T12:00:00+10:00", 0.098)], points);
    }

    [Fact]
    public async Task An_end_in_the_future_shows_the_running_hour_as_far_as_it_is_published()
    {
        _sandbox.Clock.SetUtcNow(new(2025, 11, 20, 2, 22, 0, TimeSpan.Zero));

        var points = await PointsAsync(Avonlie + "&interval=1h&date_start=2025-11-20T11:00:00&date_end=2025-11-20T15:00:00");

        // As above, and the stamp 12:20, which ends the 5 minutes 27.
        Assert.Equal([("2025-11-20T11:00:00+10:00", 1.25), ("2025-11-20T12:00:00+10:00", 0.125)], points);
    }

    [Theory]
    [InlineData("1h", 16 * 24)]
    [InlineData("5m", 4 * 288)]
    public async Task Without_a_start_the_range_is_half_of_the_free_plans_longest(string interval, int expected) =>
        Assert.Equal(expected, (await PointsAsync($"{Avonlie}&interval={interval}&date_end=2025-11-20")).Count);

    [Fact]
    public async Task Units_of_a_farm_are_series_of_their_own_and_unit_code_picks_one()
    {
        const string Range = "&interval=1h&date_start=2025-11-01T06:00:00&date_end=2025-11-01T08:00:00";
        var both = await _sandbox.OkAsync("v4/data/facilities/NEM?metrics=energy&facility_code=NEWENSF" + Range);
        var one = await _sandbox.OkAsync("v4/data/facilities/NEM?metrics=energy&facility_code=NEWENSF&unit_code=NEWENSF2" + Range);

        Assert.Equal(["NEWENSF1", "NEWENSF2"], both["data"]![0]!["results"]!.AsArray().Select(unit => (string)unit!["columns"]!["unit_code"]!));
        Assert.Equal(["NEWENSF2"], one["data"]![0]!["results"]!.AsArray().Select(unit => (string)unit!["columns"]!["unit_code"]!));
    }

    [Fact]
    public async Task Units_without_their_farms_are_merged_as_by_the_server()
    {
        var body = await _sandbox.OkAsync(
            "v4/data/facilities/NEM?metrics=energy&unit_code=NEWENSF1&unit_code=AVLSF1&interval=1h&date_start=2025-11-01T06:00:00&date_end=2025-11-01T07:00:00");

        var only = Assert.Single(body["data"]![0]!["results"]!.AsArray())!;
        Assert.Equal("energy_total", (string?)only["name"]);
        Assert.Equal(2, only["data"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("AVLSF", "NEM", "2030-01-01", "2030-01-02")]
    [InlineData("AVLSF", "NEM", "2025-11-02", "2025-11-01")]
    [InlineData("AVLSF", "WEM", "2025-11-01", "2025-11-02")]
    [InlineData("BAKING", "NEM", "2025-11-01", "2025-11-02")]
    [InlineData("NOPE", "NEM", "2025-11-01", "2025-11-02")]
    public async Task No_rows_are_404(string code, string network, string start, string end)
    {
        var (status, body) = await _sandbox.GetAsync(
            $"v4/data/facilities/{network}?metrics=energy&interval=1h&facility_code={code}&date_start={start}&date_end={end}");

        Assert.Equal(404, status);
        Assert.Equal($"No data available for facility=['{code}'] in the specified time range", (string?)body["error"]);
    }

    [Fact]
    public async Task The_error_envelope_has_the_keys_of_a_recorded_one()
    {
        var recorded = JsonNode.Parse(await File.ReadAllTextAsync(
            SharedMaterial.Path("fixtures", "apis", "openelectricity", "error_no_data.json"), TestContext.Current.CancellationToken))!;
        var (_, body) = await _sandbox.GetAsync(Avonlie + "&interval=1h&date_start=2030-01-01&date_end=2030-01-02");

        Assert.Equal(recorded.AsObject().Select(property => property.Key), body.AsObject().Select(property => property.Key));
    }

    [Theory]
    [InlineData("NEM?metrics=energy&interval=1h&date_start=2025-01-01&date_end=2026-01-02", "Date range too large for 1h interval. Maximum range is 365 days.")]
    [InlineData("NEM?metrics=energy&date_start=2025-01-01&date_end=2025-02-01", "Date range too large for 5m interval. Maximum range is 30 days.")]
    [InlineData("NEM?metrics=price&interval=1h", "Unsupported metrics: price")]
    [InlineData("nem?metrics=energy", "Network nem not supported")]
    [InlineData("NEM?metrics=energy&date_start=2025-11-01T00:00:00Z", "Date start must be timezone naive and in network time")]
    [InlineData("NEM?metrics=energy&date_start=2025-11-01&date_end=2025-11-02T00:00:00%2B10:00", "Date end must be timezone naive and in network time")]
    [InlineData("NEM?metrics=energy&date_end=0001-01-01", "Invalid date range")]
    public async Task Refused_values_are_400_in_the_words_of_the_server(string request, string message)
    {
        var (status, body) = await _sandbox.GetAsync("v4/data/facilities/" + request);

        Assert.Equal((400, message), (status, (string?)body["error"]));
    }

    [Fact]
    public async Task A_range_of_364_days_and_23_hours_more_than_the_limit_passes_because_only_whole_days_count()
    {
        var points = await PointsAsync(Avonlie + "&interval=1h&date_start=2024-11-01T00:00:00&date_end=2025-11-01T23:00:00");

        Assert.Equal((365 * 24) + 23, points.Count);
    }

    [Theory]
    [InlineData("metrics=energy&interval=30m", "enum", "interval", "Input should be '5m', '1h', '1d', '7d', '1M', '3M', 'season', '1y' or 'fy'")]
    [InlineData("interval=1h", "missing", "metrics", "Field required")]
    [InlineData("metrics=energy&date_start=yesterday", "datetime_from_date_parsing", "date_start", "Input should be a valid datetime or date, input is too short")]
    public async Task A_wrong_shape_is_422(string query, string type, string parameter, string message)
    {
        var (status, body) = await _sandbox.GetAsync("v4/data/facilities/NEM?" + query);

        var error = Assert.Single(body["detail"]!.AsArray())!;
        Assert.Equal(
            (422, type, $"""["query","{parameter}"]""", message),
            (status, (string?)error["type"], error["loc"]!.ToJsonString(), (string?)error["msg"]));
    }

    [Fact]
    public async Task More_than_30_codes_are_422()
    {
        var codes = string.Concat(FacilityRegistry.Load().Facilities.Take(31).Select(farm => $"&facility_code={farm.Code}"));

        var (status, body) = await _sandbox.GetAsync("v4/data/facilities/NEM?metrics=energy&interval=1h" + codes);
        var (fewer, _) = await _sandbox.GetAsync("v4/data/facilities/NEM?metrics=energy&interval=1h" + codes[..codes.LastIndexOf('&')]);

        Assert.Equal(
            (422, "too_long", "List should have at most 30 items after validation, not 31"),
            (status, (string?)body["detail"]![0]!["type"], (string?)body["detail"]![0]!["msg"]));
        Assert.Equal(200, fewer);
    }

    private async Task<IReadOnlyList<(string Stamp, double? Value)>> PointsAsync(string path, TestSandbox? sandbox = null)
    {
        var body = await (sandbox ?? _sandbox).OkAsync(path);
        return [.. body["data"]![0]!["results"]![0]!["data"]!.AsArray().Select(point => ((string)point![0]!, (double?)point[1]))];
    }
}
