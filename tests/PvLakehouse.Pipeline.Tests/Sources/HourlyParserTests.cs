using System.Text;
using PvLakehouse.Pipeline.Sources.Json;
using PvLakehouse.Pipeline.Sources.OpenMeteo;

namespace PvLakehouse.Pipeline.Tests.Sources;

public sealed class HourlyParserTests
{
    private static readonly IReadOnlyList<HourlyVariable> Three =
    [
        new PrecedingHourVariable(0, "shortwave_radiation", "W/m²", isSum: false),
        new InstantVariable(1, "wind_speed_10m", "km/h"),
        new InstantVariable(2, "pm10", "\u03BCg/m³"),
    ];

    private const string Body = """
        {"latitude":-31.56415,"longitude":147.06,"generationtime_ms":0.71,"utc_offset_seconds":0,"timezone":"GMT",
         "hourly_units":{"time":"iso8601","shortwave_radiation":"W/m²","wind_speed_10m":"km/h","pm10":"μg/m³"},
         "hourly":{"time":["2026-01-01T00:00","2026-01-01T01:00"],"shortwave_radiation":[310.0,402.5],
          "wind_speed_10m":[14.2,null],"pm10":[12,30]}}
        """;

    [Fact]
    public void Columns_come_in_the_order_asked_and_a_missing_value_is_missing()
    {
        var block = Assert.Single(Parse(Body, 1));

        Assert.Equal(["2026-01-01T00:00", "2026-01-01T01:00"], block.Texts);
        Assert.Equal("2026-01-01T01:00Z", block.Stamps[1].ToString());
        Assert.Equal([310.0, 402.5], block.Columns[0]);
        Assert.Equal([14.2, double.NaN], block.Columns[1]);
        Assert.Equal([12.0, 30.0], block.Columns[2]);
    }

    [Fact]
    public void Several_locations_come_as_an_array_in_the_order_asked_even_with_equal_grid_cells()
    {
        // Both share one grid cell, as neighbouring farms do: only the position tells them apart.
        var second = Body.Replace("310.0", "99", StringComparison.Ordinal)
            .Replace("\"timezone\"", "\"location_id\":1,\"timezone\"", StringComparison.Ordinal);

        var blocks = Parse($"[{Body},{second}]", 2);

        Assert.Equal([310.0, 99.0], blocks.Select(block => block.Columns[0][0]));
    }

    [Fact]
    public void Each_location_has_its_own_stamps_even_when_they_differ_from_the_one_before()
    {
        var second = Body.Replace("2026-01-01T01:00", "2026-01-01T02:00", StringComparison.Ordinal);

        var blocks = Parse($"[{Body},{second}]", 2);

        Assert.Equal(["2026-01-01T00:00", "2026-01-01T02:00"], blocks[1].Texts);
        Assert.Equal([1, 2], blocks.Select(block => block.Stamps[1] - block.Stamps[0]));
    }

    [Fact]
    public void A_variable_that_the_model_lacks_is_all_missing()
    {
        var body = Body.Replace("\"km/h\"", "\"undefined\"", StringComparison.Ordinal)
            .Replace("[14.2,null]", "[null,null]", StringComparison.Ordinal);

        Assert.All(Assert.Single(Parse(body, 1)).Columns[1], value => Assert.True(double.IsNaN(value)));
    }

    [Fact]
    public void The_two_signs_for_micro_are_the_same_unit() =>
        Assert.Equal(12.0, Assert.Single(Parse(Body.Replace('\u03BC', '\u00B5'), 1)).Columns[2][0]);

    [Theory]
    [InlineData("\"km/h\"", "\"m/s\"", "$.hourly_units.wind_speed_10m", "the unit 'km/h', found 'm/s'")]
    [InlineData("\"km/h\"", "\"undefined\"", "$.hourly_units.wind_speed_10m", "the unit 'km/h', found 'undefined'")]
    [InlineData("\"wind_speed_10m\":\"km/h\",", "", "$.hourly_units.wind_speed_10m", "a unit, found none")]
    [InlineData("\"utc_offset_seconds\":0", "\"utc_offset_seconds\":36000", "$.utc_offset_seconds", "0, as timezone=GMT was asked for, found 36000")]
    [InlineData("\"utc_offset_seconds\":0,", "", "$", "a key 'utc_offset_seconds', found none")]
    [InlineData("402.5", "\"402.5\"", "$.hourly.shortwave_radiation[1]", "a number or null, found the text '402.5'")]
    [InlineData("[14.2,null]", "[14.2]", "$.hourly.wind_speed_10m", "2 values, one for each time, found 1")]
    [InlineData("[14.2,null]", "null", "$.hourly.wind_speed_10m", "a list of values, found null")]
    [InlineData(",\"pm10\":[12,30]", "", "$.hourly", "a key 'pm10', found none")]
    [InlineData("\"2026-01-01T01:00\"", "\"2026-01-01T01:30\"", "$.hourly.time[1]", "a full hour in UTC, like 2025-10-01T00:00, found the text '2026-01-01T01:30'")]
    [InlineData("\"2026-01-01T01:00\"", "1767225600", "$.hourly.time[1]", "a full hour in UTC, like 2025-10-01T00:00, found 1767225600")]
    [InlineData("\"time\":[\"2026-01-01T00:00\",\"2026-01-01T01:00\"],", "", "$.hourly", "a key 'time', found none")]
    public void A_body_that_breaks_the_contract_is_refused_with_its_path(
        string part, string replacement, string path, string problem)
    {
        Assert.Contains(part, Body, StringComparison.Ordinal);
        var fault = Assert.Throws<PayloadFormatException>(
            () => Parse(Body.Replace(part, replacement, StringComparison.Ordinal), 1));
        Assert.Equal($"at {path} expected {problem}", fault.Message);
    }

    [Fact]
    public void An_answer_for_too_few_or_too_many_locations_is_refused()
    {
        Assert.Equal("at $ expected 2 locations, found 1", Assert.Throws<PayloadFormatException>(() => Parse(Body, 2)).Message);
        Assert.Equal(
            "at $[1] expected the end after 1 locations, found an object",
            Assert.Throws<PayloadFormatException>(() => Parse($"[{Body},{Body}]", 1)).Message);
    }

    [Fact]
    public void A_recorded_air_quality_body_in_local_time_is_refused_and_in_utc_is_read()
    {
        var variables = new HourlyVariable[]
        {
            new InstantVariable(0, "pm2_5", "\u03BCg/m³"), new InstantVariable(1, "pm10", "\u03BCg/m³"),
            new InstantVariable(2, "us_aqi", "USAQI"),
        };
        var recording = Encoding.UTF8.GetString(Fixtures.Read("open-meteo", "ews_air_quality_lahore.json"));

        var fault = Assert.Throws<PayloadFormatException>(
            () => HourlyParser.Parse(Encoding.UTF8.GetBytes(recording), 1, variables));
        Assert.Contains("found 18000", fault.Message, StringComparison.Ordinal);

        var block = Assert.Single(HourlyParser.Parse(
            Encoding.UTF8.GetBytes(recording.Replace("18000", "0", StringComparison.Ordinal)), 1, variables));
        Assert.Equal(120, block.Stamps.Length);
        Assert.All(block.Columns, column => Assert.Equal(120, column.Length));
    }

    [Fact]
    public void A_recorded_archive_body_with_wind_in_metres_per_second_is_refused_as_kilometres_per_hour()
    {
        var recording = Encoding.UTF8.GetString(Fixtures.Read("open-meteo", "vinea_archive_adelaide_2025-01.json"))
            .Replace("34200", "0", StringComparison.Ordinal);

        var fault = Assert.Throws<PayloadFormatException>(() => HourlyParser.Parse(
            Encoding.UTF8.GetBytes(recording), 1, [new InstantVariable(0, "wind_speed_10m", "km/h")]));

        Assert.Equal("at $.hourly_units.wind_speed_10m expected the unit 'km/h', found 'm/s'", fault.Message);
        var block = Assert.Single(HourlyParser.Parse(
            Encoding.UTF8.GetBytes(recording), 1, [new InstantVariable(0, "wind_speed_10m", "m/s")]));
        Assert.Equal(72, block.Stamps.Length);
    }

    private static List<HourlyBlock> Parse(string body, int locations) =>
        HourlyParser.Parse(Encoding.UTF8.GetBytes(body), locations, Three);
}
