using System.Text;
using System.Text.Json.Nodes;
using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Plans;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Tests.Support;

namespace PvLakehouse.Sandbox.Tests.Plans;

public sealed class CommunityPlanTests : IAsyncLifetime
{
    private const string Rain = "&start_date=2025-11-01&end_date=2025-11-01&hourly=rain";

    private TestSandbox _sandbox = null!;

    public async ValueTask InitializeAsync() =>
        _sandbox = await TestSandbox.StartAsync(with: options => options with { Plan = SandboxPlan.Community });

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData("5m", 8)]
    [InlineData("1h", 32)]
    [InlineData("1d", 366)]
    [InlineData("7d", 366)]
    [InlineData("1M", 732)]
    [InlineData("fy", 7)]
    public async Task Ranges_are_as_short_as_on_the_free_plan(string interval, int days)
    {
        var end = new DateTime(2025, 11, 20);
        string Path(int span) =>
            $"v4/data/facilities/NEM?metrics=energy&facility_code=AVLSF&interval={interval}&date_start={end.AddDays(-span):yyyy-MM-dd}&date_end={end:yyyy-MM-dd}";

        var (tooLong, body) = await _sandbox.GetAsync(Path(days + 1));
        var (fits, _) = await _sandbox.GetAsync(Path(Math.Min(days, 729)));

        Assert.Equal(
            (400, $"Date range too large for {interval} interval. Maximum range is {days} days."), (tooLong, (string?)body["error"]));
        Assert.Equal(200, fits);
    }

    [Fact]
    public async Task Energy_reaches_back_730_days()
    {
        // 730 days before 2025-11-20 12:00 network time is 2023-11-21 12:00.
        const string Path = "v4/data/facilities/NEM?metrics=energy&facility_code=AVLSF&interval=1d&date_end=2023-12-01&date_start=";
        var (before, body) = await _sandbox.GetAsync(Path + "2023-11-21T11:55:00");
        var (within, _) = await _sandbox.GetAsync(Path + "2023-11-21T12:00:00");

        Assert.Equal((400, "Date start is too far in the past. Your plan allows data from the last 730 days."), (before, (string?)body["error"]));
        Assert.Equal(200, within);
    }

    [Fact]
    public async Task More_than_two_requests_in_a_second_look_like_a_bad_key()
    {
        var first = await StatusesAsync("v4/me", 3);
        _sandbox.Clock.Advance(TimeSpan.FromSeconds(1));
        var then = await StatusesAsync("v4/me", 1);

        Assert.Equal([200, 200, 401], first);
        Assert.Equal([200], then);
    }

    [Fact]
    public async Task The_501st_request_of_a_utc_day_looks_like_a_bad_key()
    {
        for (var i = 0; i < 500; i++)
        {
            _ = await _sandbox.OkAsync("v4/me");
            _sandbox.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var (status, body) = await _sandbox.GetAsync("v4/me");
        _sandbox.Clock.SetUtcNow(new(2025, 11, 21, 0, 0, 0, TimeSpan.Zero));
        var tomorrow = await StatusesAsync("v4/me", 1);

        Assert.Equal((401, "Authentication failed"), (status, (string?)body["error"]));
        Assert.Equal([200], tomorrow);
    }

    [Fact]
    public async Task The_601st_call_of_a_minute_is_429_until_the_minute_turns()
    {
        _sandbox.Clock.SetUtcNow(TestSandbox.Now.AddSeconds(30));
        Assert.All(await StatusesAsync("v1/archive?latitude=0&longitude=0" + Rain, 600), status => Assert.Equal(200, status));

        var (status, body) = await _sandbox.GetAsync("v1/archive?latitude=0&longitude=0" + Rain);
        _sandbox.Clock.Advance(TimeSpan.FromSeconds(30));
        var next = await StatusesAsync("v1/archive?latitude=0&longitude=0" + Rain, 1);

        Assert.Equal(
            (429, """{"error":true,"reason":"Minutely API request limit exceeded. Please try again in one minute."}"""),
            (status, body.ToJsonString()));
        Assert.Equal([200], next);
    }

    [Fact]
    public async Task A_heavy_call_may_overshoot_the_minute_and_heavy_calls_use_up_the_hour_and_the_day()
    {
        // 1000 places x 1 variable x 1 day weigh 1000: more than the 600 of a minute. Five fill an hour's 5000, ten a day's 10 000.
        var heavy = $"v1/archive?latitude={string.Join(',', Enumerable.Repeat("0", 1000))}&longitude={string.Join(',', Enumerable.Repeat("0", 1000))}{Rain}";
        var reasons = new List<string>();
        for (var hour = 0; hour < 3; hour++)
        {
            var (status, body) = (200, default(JsonNode));
            while (status == 200 && reasons.Count < 100)
            {
                (status, body) = await PostAsync(heavy);
                reasons.Add(status == 200 ? "200" : ((string)body!["reason"]!).Split(' ')[0]);
                if (status == 429 && reasons[^1] == "Minutely")
                {
                    _sandbox.Clock.Advance(TimeSpan.FromMinutes(1));
                    status = 200;
                }
            }

            _sandbox.Clock.Advance(TimeSpan.FromHours(1));
        }

        // After the fifth call of an hour the minute refuses first; once it has turned, the hour does, and after ten calls the day.
        const string FiveCalls = "200 Minutely 200 Minutely 200 Minutely 200 Minutely 200 Minutely";
        Assert.Equal($"{FiveCalls} Hourly {FiveCalls} Hourly Daily", string.Join(' ', reasons));
    }

    [Fact]
    public async Task A_call_that_weighs_more_than_an_hour_allows_is_refused()
    {
        // 21 variables x 1000 days weigh 2.1 x 1000 / 14 = 150 a place; 34 places are 5100.
        var (status, body) = await PostAsync(
            $"v1/archive?latitude={string.Join(',', Enumerable.Repeat("0", 34))}&longitude={string.Join(',', Enumerable.Repeat("0", 34))}"
            + "&start_date=2023-01-01&end_date=2025-09-26&hourly=temperature_2m,dew_point_2m,wet_bulb_temperature_2m,relative_humidity_2m,cloud_cover,"
            + "cloud_cover_low,cloud_cover_mid,cloud_cover_high,precipitation,rain,pressure_msl,surface_pressure,shortwave_radiation,direct_radiation,"
            + "diffuse_radiation,direct_normal_irradiance,sunshine_duration,is_day,wind_speed_10m,wind_direction_10m,wind_gusts_10m");

        Assert.Equal(
            (400, "Your API call requests too much data. Please reduce the number of variables, locations and/or weather models."),
            (status, (string?)body["reason"]));
    }

    [Fact]
    public async Task More_than_1000_places_are_refused()
    {
        var zeros = string.Join(',', Enumerable.Repeat("0", 1001));

        var (status, body) = await PostAsync($"v1/archive?latitude={zeros}&longitude={zeros}{Rain}");

        Assert.Equal((400, "Only up to 1000 locations can be requested at once"), (status, (string?)body["reason"]));
    }

    [Fact]
    public async Task One_call_runs_four_wait_and_the_sixth_is_429()
    {
        var data = new BlockedData();
        await using var sandbox = await TestSandbox.StartAsync(data, options => options with { Plan = SandboxPlan.Community });
        const string Path = "v1/archive?latitude=0&longitude=0" + Rain;

        var running = new List<Task<(int Status, JsonNode Body)>>();
        running.Add(sandbox.GetAsync(Path));
        await data.Entered.WaitAsync(TestContext.Current.CancellationToken);
        // All six are on their way; whichever comes sixth is refused at once, and the first can only end after that.
        running.AddRange(Enumerable.Range(0, 5).Select(_ => sandbox.GetAsync(Path)));
        var refused = await await Task.WhenAny(running);
        data.Release.SetResult();
        var statuses = (await Task.WhenAll(running)).Select(answer => answer.Status).Order();

        Assert.Equal((429, "Too many concurrent requests"), (refused.Status, (string?)refused.Body["reason"]));
        Assert.Equal([200, 200, 200, 200, 200, 429], statuses);
    }

    private async Task<int[]> StatusesAsync(string path, int count)
    {
        var statuses = new int[count];
        for (var i = 0; i < count; i++)
        {
            statuses[i] = (await _sandbox.GetAsync(path)).Status;
        }

        return statuses;
    }

    /// <summary>Sends a long query as a form.</summary>
    private async Task<(int Status, JsonNode Body)> PostAsync(string pathAndQuery)
    {
        var parts = pathAndQuery.Split('?');
        using var form = new StringContent(parts[1], Encoding.ASCII, "application/x-www-form-urlencoded");
        using var response = await _sandbox.Client.PostAsync(parts[0], form, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonNode.Parse(body)!);
    }

    /// <summary>Data whose weather comes only when the test says so.</summary>
    private sealed class BlockedData : ISandboxData
    {
        private readonly CountingData _inner = new();

        public SemaphoreSlim Entered { get; } = new(0);

        public TaskCompletionSource Release { get; } = new();

        public SandboxDataKind Kind => SandboxDataKind.Simulation;

        public IReadOnlyList<SandboxFacility> Facilities => _inner.Facilities;

        public void Energy(SandboxUnit unit, EnergyInterval interval, DateTimeOffset fromUtc, DateTimeOffset asOf, Span<double?> values) =>
            _inner.Energy(unit, interval, fromUtc, asOf, values);

        public GridCell CellOf(HourlyDataset dataset, SandboxLocation location) => _inner.CellOf(dataset, location);

        public IReadOnlyList<double?[]?> Hourly(HourlyQuery query)
        {
            Entered.Release();
            Release.Task.GetAwaiter().GetResult();
            return _inner.Hourly(query);
        }
    }
}
