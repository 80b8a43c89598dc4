using System.Text.Json.Nodes;
using PvLakehouse.Sandbox.Tests.Support;

namespace PvLakehouse.Sandbox.Tests.OpenMeteo;

[Collection(NodeClients.Collection)]
public sealed class OfficialClientTests(NodeClients node)
{
    // 2025-11-01 00:00 UTC.
    private const long Start = 1_761_955_200;

    [Fact]
    public async Task The_official_npm_client_reads_our_flatbuffers()
    {
        // The last hour of the day is missing.
        await using var sandbox = await TestSandbox.StartAsync(
            new CountingData { Gaps = [new(2025, 11, 1, 23, 0, 0, TimeSpan.Zero)] });

        var result = await node.RunScriptAsync("openmeteo.mjs", sandbox.Server.BaseAddress);

        var archive = result["archive"]!.AsArray();
        Assert.Equal(2, archive.Count);
        Assert.Equal(
            (-34.9f, 146.6f, 173f, 0, 1, 0),
            ((float)archive[0]!["latitude"]!, (float)archive[0]!["longitude"]!, (float)archive[0]!["elevation"]!,
                (int)archive[0]!["locationId"]!, (int)archive[0]!["model"]!, (int)archive[0]!["offset"]!));
        Assert.Equal((1, null), ((int)archive[1]!["locationId"]!, (string?)archive[1]!["timezone"]));
        Assert.Equal((Start, Start + 86_400, 3_600),
            ((long)archive[0]!["time"]!, (long)archive[0]!["timeEnd"]!, (int)archive[0]!["interval"]!));

        // Temperature is variable 47 in unit 1 at 2 m, shortwave radiation is 32 in unit 39. Values are not rounded.
        Assert.Equal([(47, 1, 2), (32, 39, 0)], archive[0]!["variables"]!.AsArray().Select(Codes));
        Assert.Equal([0.06f, 1.06f, 2.06f], Values(archive[0]!, 0).Take(3));
        Assert.Equal([122.06f, null], Values(archive[0]!, 1).TakeLast(2));

        // Midnight in Brisbane is 14 h UTC of the day before: 14.06 km/h is 3.9056 m/s (unit 28).
        var zoned = Assert.Single(result["zoned"]!.AsArray())!;
        Assert.Equal((36_000, "Australia/Brisbane", "GMT+10", Start - 36_000),
            ((int)zoned["offset"]!, (string?)zoned["timezone"], (string?)zoned["abbreviation"], (long)zoned["time"]!));
        Assert.Equal([(59, 28, 10)], zoned["variables"]!.AsArray().Select(Codes));
        Assert.Equal((float)(14.06 / 3.6), Values(zoned, 0)[0]);

        Assert.Equal([0, 2], Assert.Single(result["previous"]!.AsArray())!["variables"]!.AsArray().Select(variable => (int)variable!["previousDay"]!));
        Assert.Equal([(76, 30, 0), (96, 38, 0)], Assert.Single(result["air"]!.AsArray())!["variables"]!.AsArray().Select(Codes));
        Assert.Equal("Latitude must be in range of -90 to 90°. Given: 91.0.", (string?)result["refused"]);
    }

    private static (int Variable, int Unit, int Altitude) Codes(JsonNode? node) =>
        ((int)node!["variable"]!, (int)node["unit"]!, (int)node["altitude"]!);

    private static float?[] Values(JsonNode response, int variable) =>
        [.. response["variables"]![variable]!["values"]!.AsArray().Select(value => (float?)(double?)value)];
}
