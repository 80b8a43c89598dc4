using System.Text;
using PvLakehouse.Pipeline.Sources.Json;

namespace PvLakehouse.Pipeline.Tests.Sources;

public sealed class JsonReadingTests
{
    [Theory]
    [InlineData("""{"a":[1,2,{"b":3}]}""", nameof(BodyState.Whole))]
    [InlineData("""[]""", nameof(BodyState.Whole))]
    [InlineData("""{"a":[1,2,{"b":3}]""", nameof(BodyState.Cut))]
    [InlineData("""{"a":[1,2""", nameof(BodyState.Cut))]
    [InlineData("""{"a":tr""", nameof(BodyState.Cut))]
    [InlineData("", nameof(BodyState.Cut))]
    [InlineData("""{"a":[1,2Unexpected error while streaming data: timeoutReached""", nameof(BodyState.Cut))]
    [InlineData("""<html>502</html>""", nameof(BodyState.Malformed))]
    [InlineData("""{"a":1}}""", nameof(BodyState.Malformed))]
    [InlineData("""{"a":NaN}""", nameof(BodyState.Malformed))]
    public void A_cut_body_is_told_from_a_malformed_one(string body, string expected) =>
        Assert.Equal(expected, BodyCheck.Of(Encoding.UTF8.GetBytes(body)).ToString());

    [Theory]
    [InlineData("2025-10-01T00:00:00+10:00", "2025-09-30T14:00:00Z")]
    [InlineData("2025-10-01T00:00:00+08:00", "2025-09-30T16:00:00Z")]
    [InlineData("2025-02-12T13:00:00Z", "2025-02-12T13:00:00Z")]
    [InlineData("2025-10-01T05:30-03:30", "2025-10-01T09:00:00Z")]
    [InlineData("2024-02-29T23:59:59+00:00", "2024-02-29T23:59:59Z")]
    public void A_stamp_is_the_instant_that_its_offset_says(string text, string utc)
    {
        Assert.True(StampText.TryInstant(Encoding.UTF8.GetBytes(text), out var instant));
        Assert.Equal(DateTimeOffset.Parse(utc, null), instant);
        Assert.Equal(TimeSpan.Zero, instant.Offset);
    }

    [Theory]
    [InlineData("2025-10-01T00:00:00")]
    [InlineData("2025-10-01")]
    [InlineData("2025-13-01T00:00:00Z")]
    [InlineData("2025-02-29T00:00:00Z")]
    [InlineData("2025-10-01T24:00:00Z")]
    [InlineData("2025-10-01T00:00:00+1000")]
    [InlineData("2025-10-01 00:00:00+10:00")]
    [InlineData("0001-01-01T00:00:00+10:00")]
    [InlineData("")]
    public void A_stamp_without_a_clear_instant_is_refused(string text) =>
        Assert.False(StampText.TryInstant(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void A_utc_stamp_must_not_carry_an_offset()
    {
        Assert.True(StampText.TryUtc("2025-10-01T07:00"u8, out var instant));
        Assert.Equal(new DateTimeOffset(2025, 10, 1, 7, 0, 0, TimeSpan.Zero), instant);
        Assert.False(StampText.TryUtc("2025-10-01T07:00+10:00"u8, out _));
    }

    [Theory]
    [InlineData("""{"data":[{"a":1},{"a":[10,20,"x"]}]}""", "\"x\"", "$.data[1].a[2]")]
    [InlineData("""{"data":[{"a":1},{"a":[10,20,"x"]}],"last":true}""", "true", "$.last")]
    [InlineData("""[[1,2],[3,[4]]]""", "4", "$[1][1][0]")]
    [InlineData("""{"a":{},"b":{"c":null}}""", "null", "$.b.c")]
    [InlineData("""{"a":{"x":1}}""", "{\"x\"", "$.a")]
    public void The_path_of_a_token_is_found(string json, string token, string expected) =>
        Assert.Equal(expected, JsonPath.At(Encoding.UTF8.GetBytes(json), json.IndexOf(token, StringComparison.Ordinal)));

    [Fact]
    public void Noise_is_refused_and_never_breaks_the_reader()
    {
        // Every prefix and every single-byte change of a small body either parses or is a format fault.
        var body = Encoding.UTF8.GetBytes("""{"data":[{"code":"A\u0041","units":[{"code":"\"U"}],"x":[1e9,{"y":null}]}]}""");
        for (var length = 0; length < body.Length; length++)
        {
            Walk(body[..length]);
        }

        for (var index = 0; index < body.Length; index++)
        {
            foreach (var noise in new byte[] { 0, 0x22, 0x5C, 0x7B, 0x7D, 0x80, 0xFF })
            {
                var changed = body.ToArray();
                changed[index] = noise;
                Walk(changed);
            }
        }
    }

    private static void Walk(byte[] body)
    {
        try
        {
            var reader = new PayloadReader(body);
            reader.StartObject("an object");
            while (reader.NextKey())
            {
                if (reader.Key().Length > 4)
                {
                    reader.Text("a text");
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (PayloadFormatException exception)
        {
            Assert.StartsWith("$", exception.Path, StringComparison.Ordinal);
        }
    }
}
