using System.Text;
using PvLakehouse.Pipeline.Sources.Json;
using PvLakehouse.Pipeline.Sources.OpenElectricity;

namespace PvLakehouse.Pipeline.Tests.Sources;

public sealed class EnergyParserTests
{
    private static readonly Dictionary<string, string> Owners =
        new(StringComparer.Ordinal) { ["AVLSF1"] = "AVLSF", ["BANGOWF1"] = "BANGO", ["BANGOWF2"] = "BANGO" };

    [Fact]
    public void Values_keep_their_stamp_text_and_nulls_stay_null()
    {
        var points = Points(Bodies.Energy("AVLSF1", """
            ["2026-01-01T06:00:00+10:00",0.0],["2026-01-01T07:00:00+10:00",null],["2026-01-01T08:00:00+10:00",-0.31]
            """));

        Assert.Equal(
            [
                ("2026-01-01T06:00:00+10:00", new DateTimeOffset(2025, 12, 31, 20, 0, 0, TimeSpan.Zero), 0.0),
                ("2026-01-01T07:00:00+10:00", new DateTimeOffset(2025, 12, 31, 21, 0, 0, TimeSpan.Zero), null),
                ("2026-01-01T08:00:00+10:00", new DateTimeOffset(2025, 12, 31, 22, 0, 0, TimeSpan.Zero), -0.31),
            ],
            points.Select(point => (point.IntervalStart, point.Stamp, point.Value)));
    }

    [Fact]
    public void Series_of_a_unit_that_is_not_solar_are_left_out()
    {
        var body = Bodies.Energy("AVLSF1", """["2026-01-01T06:00:00+10:00",1]""").Replace(
            "\"results\":[",
            """
            "results":[{"columns":{"unit_code":"AVLBESS1"},"data":[["2026-01-01T06:00:00+10:00",9]]},
            """,
            StringComparison.Ordinal);

        var series = Assert.Single(Parse(body));

        Assert.Equal(new("NEM", "AVLSF", "AVLSF1", new("energy", "1h", "MWh")), series.Series);
        Assert.Equal(1.0, Assert.Single(series.Points).Value);
    }

    [Fact]
    public void Each_series_has_its_own_stamps_even_when_they_differ_from_the_one_before()
    {
        const string points = """["2026-01-01T06:00:00+10:00",1],["2026-01-01T07:00:00+10:00",2]""";
        var body = Bodies.Energy("BANGOWF1", points).Replace(
            "\"results\":[",
            """
            "results":[{"columns":{"unit_code":"AVLSF1"},"data":[["2026-01-01T06:00:00+10:00",3],["2026-01-01T08:00:00+10:00",4]]},
            """,
            StringComparison.Ordinal);

        Assert.Equal(
            ["06 20", "08 22", "06 20", "07 21"],
            [.. Parse(body).SelectMany(series => series.Points).Select(point => $"{point.IntervalStart[11..13]} {point.Stamp.Hour}")]);
    }

    [Fact]
    public void Keys_may_come_in_any_order_and_unknown_ones_are_ignored()
    {
        var series = Parse("""
            {"data":[{"results":[{"data":[["2026-01-01T06:00:00+10:00",1.5]],"new":{"a":[1]},"columns":{"x":1,"unit_code":"AVLSF1"}}],
             "unit":"MWh","interval":"1h","metric":"energy","network_code":"NEM"}],"error":null,"success":true}
            """);

        Assert.Equal(1.5, Assert.Single(Assert.Single(series).Points).Value);
    }

    [Theory]
    [InlineData("1.5", "\"1.5\"", "$.data[0].results[0].data[0][1]", "a number or null", "the text '1.5'")]
    [InlineData("1.5", "{}", "$.data[0].results[0].data[0][1]", "a number or null", "an object")]
    [InlineData("1.5", "1.5,2", "$.data[0].results[0].data[0][2]", "the end of a point [stamp, value]", "2")]
    [InlineData("1.5", "1e999", "$.data[0].results[0].data[0][1]", "a number or null", "1e999")]
    [InlineData("06:00:00+10:00\",1.5", "06:00:00\",1.5", "$.data[0].results[0].data[0][0]", "a stamp with its offset", "06:00:00'")]
    [InlineData("AVLSF1\"}", "AVLSF1\"},\"columns\":7", "$.data[0].results[0].columns", "a columns object", "7")]
    [InlineData("\"unit_code\"", "\"unit\"", "$.data[0].results[0].columns", "a key 'unit_code'", "none")]
    [InlineData("\"MWh\"", "\"GWh\"", "$.data[0].unit", "'MWh'", "'GWh'")]
    [InlineData("\"1h\"", "\"5m\"", "$.data[0].interval", "'1h'", "'5m'")]
    [InlineData("\"NEM\"", "\"WEM\"", "$.data[0].network_code", "'NEM'", "'WEM'")]
    [InlineData("\"energy\"", "\"power\"", "$.data[0].metric", "'energy'", "'power'")]
    [InlineData("\"unit\"", "\"units\"", "$.data[0]", "a key 'unit'", "none")]
    [InlineData("\"results\"", "\"result\"", "$.data[0]", "a key 'results'", "none")]
    [InlineData("\"data\":[\n", "\"dat\":[\n", "$", "a key 'data'", "none")]
    [InlineData("\"success\":true", "\"success\":false", "$.success", "success", "False")]
    public void A_body_that_breaks_the_contract_is_refused_with_its_path(
        string part, string replacement, string path, string expected, string found)
    {
        var body = Bodies.Energy("AVLSF1", """["2026-01-01T06:00:00+10:00",1.5]""").ReplaceLineEndings("\n");
        Assert.Contains(part, body, StringComparison.Ordinal);

        var fault = Assert.Throws<PayloadFormatException>(
            () => Parse(body.Replace(part, replacement, StringComparison.Ordinal)));

        Assert.Equal(path, fault.Path);
        Assert.Contains($"expected {expected}", fault.Message, StringComparison.Ordinal);
        Assert.Contains(found, fault.Message[fault.Message.IndexOf("found", StringComparison.Ordinal)..], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_shape_of_2025_with_start_and_end_keys_and_Z_stamps_is_read()
    {
        // Of the two metrics in the recording only the first is energy; the second is cut away here.
        var recording = Encoding.UTF8.GetString(Fixtures.Read("openelectricity", "facility_data_old_shape_2025-02.json"));
        var second = recording.LastIndexOf("\"network_code\"", StringComparison.Ordinal);
        var body = recording[..recording.LastIndexOf("},", second, StringComparison.Ordinal)] + "}]}";

        var series = EnergyParser.Parse(Encoding.UTF8.GetBytes(body), "NEM", EnergyInterval.Day, Owners);

        // Values and stamps as they stand in the recording; 13:00Z of summer is midnight of Sydney, as that server
        // labelled.
        Assert.Equal(["BANGOWF1", "BANGOWF2"], [.. series.Select(one => one.Series.UnitCode)]);
        Assert.Equal([931.4554, 1198.4969, 4610.3691], series[0].Points.Select(point => point.Value!.Value));
        Assert.Equal("2025-02-12T13:00:00Z", series[1].Points[0].IntervalStart);
        Assert.Equal(new DateTimeOffset(2025, 2, 12, 13, 0, 0, TimeSpan.Zero), series[1].Points[0].Stamp);
    }

    private static List<ParsedSeries> Parse(string body) =>
        EnergyParser.Parse(Encoding.UTF8.GetBytes(body), "NEM", EnergyInterval.Hour, Owners);

    private static List<ParsedPoint> Points(string body) => Assert.Single(Parse(body)).Points;
}
