using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using PvLakehouse.Sandbox.Tests.Support;

namespace PvLakehouse.Sandbox.Tests.OpenMeteo;

public sealed class WeatherAnswerTests : IAsyncLifetime
{
    private const string Day = "&start_date=2025-11-01&end_date=2025-11-01";
    private const string Place = "latitude=-34.919115&longitude=146.60954";

    private TestSandbox _sandbox = null!;

    public async ValueTask InitializeAsync() => _sandbox = await TestSandbox.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task One_place_is_an_object_with_the_keys_units_and_decimals_of_the_api()
    {
        var text = await _sandbox.TextAsync(
            $"v1/archive?{Place}&hourly=temperature_2m,cloud_cover,precipitation,is_day&start_hour=2025-11-01T00:00&end_hour=2025-11-01T01:00");

        // Values are hour + 0.06 + 100 per variable: °C has one decimal, % and is_day none, mm two.
        Assert.Equal(
            """{"latitude":-34.9,"longitude":146.6,"generationtime_ms":0,"utc_offset_seconds":0,"timezone":"GMT","timezone_abbreviation":"GMT","elevation":173.0,"hourly_units":{"time":"iso8601","temperature_2m":"°C","cloud_cover":"%","precipitation":"mm","is_day":""},"hourly":{"time":["2025-11-01T00:00","2025-11-01T01:00"],"temperature_2m":[0.1,1.1],"cloud_cover":[100,101],"precipitation":[200.06,201.06],"is_day":[300,301]}}""",
            text);
    }

    [Fact]
    public async Task Previous_runs_carry_the_days_behind_the_name()
    {
        var ours = await _sandbox.OkAsync(
            $"previous-runs/v1/forecast?{Place}&hourly=temperature_2m,cloud_cover_previous_day3,temperature_2m_previous_day3"
            + "&start_hour=2025-11-01T01:00&end_hour=2025-11-01T01:00");

        Assert.Equal("""{"time":"iso8601","temperature_2m":"°C","cloud_cover_previous_day3":"%","temperature_2m_previous_day3":"°C"}""",
            ours["hourly_units"]!.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        // Hour + 0.06 + 100 per variable that is asked of the data together: those of three days before are two.
        Assert.Equal("""{"time":["2025-11-01T01:00"],"temperature_2m":[1.1],"cloud_cover_previous_day3":[1],"temperature_2m_previous_day3":[101.1]}""",
            ours["hourly"]!.ToJsonString());
    }

    [Fact]
    public async Task The_keys_stand_in_the_order_of_a_recorded_archive_body()
    {
        var recorded = JsonNode.Parse(await File.ReadAllTextAsync(
            SharedMaterial.Path("fixtures", "apis", "open-meteo", "vinea_archive_adelaide_2025-01.json"), TestContext.Current.CancellationToken))!;
        var names = string.Join(',', Keys(recorded["hourly"]!).Skip(1));

        var ours = await _sandbox.OkAsync(
            $"v1/archive?latitude=-34.76&longitude=138.64&hourly={names}&wind_speed_unit=ms&timezone=Australia/Adelaide&start_date=2025-01-10&end_date=2025-01-12");

        Assert.Equal(Keys(recorded), Keys(ours));
        Assert.Equal(recorded["hourly_units"]!.ToJsonString(), ours["hourly_units"]!.ToJsonString());
        Assert.Equal(Keys(recorded["hourly"]!), Keys(ours["hourly"]!));
        Assert.Equal(recorded["hourly"]!["time"]!.ToJsonString(), ours["hourly"]!["time"]!.ToJsonString());
    }

    [Fact]
    public async Task Air_quality_has_the_units_of_a_recorded_body_with_a_greek_mu()
    {
        var ours = await _sandbox.OkAsync($"v1/air-quality?{Place}&hourly=pm2_5,pm10,european_aqi,us_aqi,uv_index,carbon_dioxide{Day}");

        Assert.Equal(
            "{\"time\":\"iso8601\",\"pm2_5\":\"\u03BCg/m³\",\"pm10\":\"\u03BCg/m³\",\"european_aqi\":\"EAQI\",\"us_aqi\":\"USAQI\",\"uv_index\":\"\",\"carbon_dioxide\":\"ppm\"}",
            ours["hourly_units"]!.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        var recorded = JsonNode.Parse(await File.ReadAllTextAsync(
            SharedMaterial.Path("fixtures", "apis", "open-meteo", "ews_air_quality_lahore.json"), TestContext.Current.CancellationToken))!;
        foreach (var name in Keys(recorded["hourly_units"]!))
        {
            Assert.Equal((string?)recorded["hourly_units"]![name], (string?)ours["hourly_units"]![name]);
        }
    }

    [Fact]
    public async Task Several_places_are_an_array_in_the_order_asked_for_and_only_the_first_has_no_location_id()
    {
        var body = await _sandbox.OkAsync($"v1/archive?latitude=-34.9,-20.5&longitude=146.6,140.2&hourly=temperature_2m{Day}");

        Assert.Equal(
            [(-34.9, 146.6, null), (-20.5, 140.2, 1)],
            body.AsArray().Select(place => ((double)place!["latitude"]!, (double)place["longitude"]!, (int?)place["location_id"])));
        Assert.All(body.AsArray(), place => Assert.Equal(24, place!["hourly"]!["temperature_2m"]!.AsArray().Count));
    }

    [Fact]
    public async Task Places_may_have_dates_zones_and_ids_of_their_own_and_one_place_may_have_several_dates()
    {
        var own = await _sandbox.OkAsync(
            "v1/archive?latitude=1&latitude=2&longitude=3,4&hourly=rain&start_date=2025-11-01,2025-11-03&end_date=2025-11-01,2025-11-04&timezone=GMT,Australia/Brisbane&location_id=7,9");
        var many = await _sandbox.OkAsync($"v1/archive?{Place}&hourly=rain&start_date=2025-11-01,2025-11-03&end_date=2025-11-01,2025-11-04");

        Assert.Equal(
            [("2025-11-01T00:00", 24, 0, 7), ("2025-11-03T00:00", 48, 36_000, 9)],
            own.AsArray().Select(place => ((string)place!["hourly"]!["time"]![0]!, place["hourly"]!["time"]!.AsArray().Count, (int)place["utc_offset_seconds"]!, (int)place["location_id"]!)));
        Assert.Equal([24, 48], many.AsArray().Select(place => place!["hourly"]!["rain"]!.AsArray().Count));
    }

    [Fact]
    public async Task The_offset_of_today_applies_to_every_date_and_half_hour_zones_read_at_the_whole_hour()
    {
        // In January, asked in November: Adelaide has summer time at both, +10:30, of which 10 h count for the values.
        var adelaide = await _sandbox.OkAsync($"v1/archive?{Place}&hourly=precipitation&timezone=Australia/Adelaide&start_date=2025-01-10&end_date=2025-01-10");
        // In July, asked in November: the offset of November, +11:00, though July has +10:00.
        var sydney = await _sandbox.OkAsync($"v1/archive?{Place}&hourly=precipitation&timezone=Australia/Sydney&start_date=2025-07-10&end_date=2025-07-10");

        Assert.Equal((37_800, "GMT+10:30", 14.06, 24), Describe(adelaide));
        Assert.Equal((39_600, "GMT+11", 13.06, 24), Describe(sydney));

        static (int, string, double, int) Describe(JsonNode body) => (
            (int)body["utc_offset_seconds"]!, (string)body["timezone_abbreviation"]!,
            (double)body["hourly"]!["precipitation"]![0]!, body["hourly"]!["time"]!.AsArray().Count);
    }

    [Fact]
    public async Task Unix_time_is_gmt_and_utc_is_called_gmt()
    {
        var body = await _sandbox.OkAsync($"v1/archive?{Place}&hourly=rain&timeformat=unixtime&timezone=UTC{Day}");

        Assert.Equal(("unixtime", 1_761_955_200, 1_761_958_800, "GMT"), (
            (string?)body["hourly_units"]!["time"], (long)body["hourly"]!["time"]![0]!, (long)body["hourly"]!["time"]![1]!, (string?)body["timezone"]));
    }

    [Theory]
    // 1.06 °C, km/h and mm at 01:00: 33.908 °F; 0.2944 m/s, 0.6587 mph, 0.5724 kn; 0.0417 inch.
    [InlineData("temperature_2m", "temperature_unit=fahrenheit", "°F", "33.9")]
    [InlineData("wind_speed_10m", "wind_speed_unit=ms", "m/s", "0.29")]
    [InlineData("wind_gusts_10m", "windspeed_unit=mph", "mp/h", "0.7")]
    [InlineData("wind_speed_10m", "wind_speed_unit=kn", "kn", "0.6")]
    [InlineData("precipitation", "precipitation_unit=inch", "inch", "0.042")]
    [InlineData("shortwave_radiation", "temperature_unit=fahrenheit", "W/m²", "1.1")]
    public async Task Units_are_converted(string variable, string choice, string unit, string value)
    {
        var body = await _sandbox.OkAsync($"v1/archive?{Place}&hourly={variable}&{choice}{Day}");

        Assert.Equal((unit, value), ((string?)body["hourly_units"]![variable], body["hourly"]![variable]![1]!.ToJsonString()));
    }

    [Fact]
    public async Task Old_spellings_echo_as_requested()
    {
        var body = await _sandbox.OkAsync($"v1/archive?{Place}&hourly=windspeed_10m,cloudcover{Day}");

        Assert.Equal(["time", "windspeed_10m", "cloudcover"], Keys(body["hourly"]!));
        Assert.Equal("km/h", (string?)body["hourly_units"]!["windspeed_10m"]);
    }

    [Fact]
    public async Task Missing_values_are_null_and_a_variable_without_data_is_undefined()
    {
        await using var sandbox = await TestSandbox.StartAsync(new CountingData
        {
            Gaps = [new(2025, 11, 1, 1, 0, 0, TimeSpan.Zero)],
            UnknownVariable = "boundary_layer_height",
        });

        var body = await sandbox.OkAsync($"v1/archive?{Place}&hourly=rain,boundary_layer_height{Day}");

        Assert.Equal("[0.06,null,2.06]", new JsonArray([.. body["hourly"]!["rain"]!.AsArray().Take(3).Select(value => value?.DeepClone())]).ToJsonString());
        Assert.Equal("undefined", (string?)body["hourly_units"]!["boundary_layer_height"]);
        Assert.Equal(24, body["hourly"]!["boundary_layer_height"]!.AsArray().Count(value => value is null));
    }

    [Fact]
    public async Task Several_models_suffix_their_names_and_era5_ends_five_days_ago()
    {
        var body = await _sandbox.OkAsync(
            $"v1/archive?{Place}&hourly=rain,cloud_cover&models=best_match,era5&start_date=2025-11-14&end_date=2025-11-20");
        var single = await _sandbox.OkAsync($"v1/archive?{Place}&hourly=rain&models=era5&start_date=2025-11-14&end_date=2025-11-20");

        Assert.Equal(["time", "rain_best_match", "rain_era5", "cloud_cover_best_match", "cloud_cover_era5"], Keys(body["hourly"]!));
        // Now is 20 November 02:00: six days and the hours 0, 1, 2 are known to the one, 14 November and those hours of the 15th to the other.
        Assert.Equal((147, 27), (Known(body["hourly"]!["rain_best_match"]!), Known(body["hourly"]!["rain_era5"]!)));
        Assert.Equal(27, Known(single["hourly"]!["rain"]!));

        static int Known(JsonNode values) => values.AsArray().Count(value => value is not null);
    }

    [Fact]
    public async Task The_forecast_starts_today_and_spans_7_days_unless_asked_otherwise()
    {
        var week = await _sandbox.OkAsync($"v1/forecast?{Place}&hourly=rain");
        var around = await _sandbox.OkAsync($"v1/forecast?{Place}&hourly=rain&past_days=2&forecast_days=1");
        var air = await _sandbox.OkAsync($"v1/air-quality?{Place}&hourly=pm10");
        // At 2025-11-20 15:00 UTC Brisbane has the 21st.
        _sandbox.Clock.Advance(TimeSpan.FromHours(13));
        var brisbane = await _sandbox.OkAsync($"v1/forecast?{Place}&hourly=rain&forecast_days=1&timezone=Australia/Brisbane");

        Assert.Equal([("2025-11-20T00:00", 168), ("2025-11-18T00:00", 72), ("2025-11-20T00:00", 120), ("2025-11-21T00:00", 24)],
            new[] { week, around, air, brisbane }.Select(body => ((string)body["hourly"]!["time"]![0]!, body["hourly"]!["time"]!.AsArray().Count)));
    }

    [Fact]
    public async Task Posted_forms_and_posted_json_answer_like_a_get()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var expected = await _sandbox.TextAsync($"v1/archive?latitude=-34.9,-20.5&longitude=146.6,140.2&hourly=rain,cloud_cover{Day}");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["latitude"] = "-34.9,-20.5", ["longitude"] = "146.6,140.2", ["hourly"] = "rain,cloud_cover", ["start_date"] = "2025-11-01", ["end_date"] = "2025-11-01",
        });
        using var json = new StringContent(
            """{"latitude":[-34.9,-20.5],"longitude":["146.6","140.2"],"hourly":["rain","cloud_cover"],"start_date":"2025-11-01","end_date":"2025-11-01"}""",
            System.Text.Encoding.UTF8, "application/json");

        using var posted = await _sandbox.Client.PostAsync("v1/archive", form, cancellation);
        using var postedJson = await _sandbox.Client.PostAsync("v1/archive", json, cancellation);

        Assert.Equal(expected, await posted.Content.ReadAsStringAsync(cancellation));
        Assert.Equal(expected, await postedJson.Content.ReadAsStringAsync(cancellation));
    }

    [Fact]
    public async Task Csv_has_a_block_of_places_and_a_block_of_hours()
    {
        const string Hours = "&hourly=temperature_2m,rain&format=csv&start_hour=2025-11-20T02:00&end_hour=2025-11-20T03:00";

        Assert.Equal(
            """
            latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation
            -34.9,146.6,173.0,0,GMT,GMT

            time,temperature_2m (°C),rain (mm)
            2025-11-20T02:00,2.1,102.06
            2025-11-20T03:00,NaN,NaN

            """,
            await _sandbox.TextAsync($"v1/archive?{Place}{Hours}"));
        Assert.Equal(
            """
            location_id,latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation
            0,1,2,173.0,0,GMT,GMT
            1,3,4,173.0,0,GMT,GMT

            location_id,time,temperature_2m (°C),rain (mm)
            0,2025-11-20T02:00,2.1,102.06
            0,2025-11-20T03:00,NaN,NaN
            1,2025-11-20T02:00,2.1,102.06
            1,2025-11-20T03:00,NaN,NaN

            """,
            await _sandbox.TextAsync($"v1/archive?latitude=1,3&longitude=2,4{Hours}"));
    }

    [Fact]
    public async Task Answers_are_chunked_and_compressed_where_the_client_accepts_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/archive?{Place}&hourly=rain{Day}");
        request.Headers.AcceptEncoding.ParseAdd("gzip");

        using var response = await _sandbox.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await using var unzipped = new System.IO.Compression.GZipStream(
            await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), System.IO.Compression.CompressionMode.Decompress);
        var body = await JsonNode.ParseAsync(unzipped, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        Assert.True(response.Headers.TransferEncodingChunked);
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(24, body!["hourly"]!["rain"]!.AsArray().Count);
    }

    private static IEnumerable<string> Keys(JsonNode node) => node.AsObject().Select(property => property.Key);
}
