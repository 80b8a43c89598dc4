using System.Text.Json.Nodes;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Tests.Support;

namespace PvLakehouse.Sandbox.Tests.OpenElectricity;

public sealed class FacilitiesTests : IAsyncLifetime
{
    private TestSandbox _sandbox = null!;

    public async ValueTask InitializeAsync() => _sandbox = await TestSandbox.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task A_farm_is_listed_in_the_shape_of_the_api()
    {
        var body = await _sandbox.OkAsync("v4/facilities/?facility_code=AVLSF");

        // 2025-11-20 02:00 UTC is 13:00 in Sydney, summer time.
        Assert.Equal(
            """
            {"version":"4.5.11","created_at":"2025-11-20T13:00:00+11:00","success":true,"total_records":1,"data":[{"code":"AVLSF","name":"Avonlie","network_id":"NEM","network_region":"NSW1","location":{"lat":-34.919115,"lng":146.60954},"units":[{"code":"AVLSF1","code_display":"AVLSF1","fueltech_id":"solar_utility","status_id":"operating","dispatch_type":"GENERATOR","capacity_registered":254.1,"capacity_maximum":190.0}]}]}
            """,
            body.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public async Task The_shape_agrees_with_a_recorded_body()
    {
        var recorded = JsonNode.Parse(await File.ReadAllTextAsync(
            SharedMaterial.Path("fixtures", "apis", "openelectricity", "facilities_v4.2.4.json"), TestContext.Current.CancellationToken))!;
        var ours = await _sandbox.OkAsync("v4/facilities/?facility_code=NEWENSF");

        // What 4.2.4 had not yet: location, code_display, capacity_maximum. What the registry does not know: descriptions and last dates.
        Assert.Empty(Keys(ours).Except([.. Keys(recorded), "total_records"]));
        Assert.Empty(Keys(ours["data"]![0]!).Except([.. Keys(recorded["data"]![0]!), "location"]));
        Assert.Empty(Keys(ours["data"]![0]!["units"]![0]!).Except(
            [.. Keys(recorded["data"]![0]!["units"]![0]!), "code_display", "capacity_maximum"]));
    }

    [Fact]
    public async Task Without_filters_every_farm_comes_sorted_by_name()
    {
        var body = await _sandbox.OkAsync("v4/facilities/");

        string[] names = [.. body["data"]!.AsArray().Select(farm => (string)farm!["name"]!)];
        Assert.Equal(114, names.Length);
        Assert.Equal(114, (int)body["total_records"]!);
        Assert.Equal(names.OrderBy(name => name.ToUpperInvariant(), StringComparer.Ordinal), names);
    }

    [Theory]
    [InlineData("network_id=WEM", 5)]
    [InlineData("network_id=NEM&network_id=WEM", 114)]
    [InlineData("status_id=commissioning", 1)]
    [InlineData("status_id=operating&network_id=WEM", 4)]
    [InlineData("status_id=operating&status_id=commissioning&network_id=WEM", 5)]
    [InlineData("fueltech_id=solar_utility", 114)]
    [InlineData("fueltech_group_id=solar", 114)]
    [InlineData("network_region=TAS1&network_id=NEM&facility_code=AVLSF", 0)]
    [InlineData("network_region=NSW1&facility_code=AVLSF&facility_code=EMERASF", 1)]
    [InlineData("fueltech_id=wind", 0)]
    public async Task Filters_narrow_the_list(string filters, int expected)
    {
        var (status, body) = await _sandbox.GetAsync("v4/facilities/?" + filters);

        Assert.Equal(expected == 0 ? 404 : 200, status);
        Assert.Equal(expected, (int?)body["total_records"] ?? 0);
    }

    [Fact]
    public async Task Only_the_units_that_pass_are_listed()
    {
        var farm = new SandboxFacility("MIX", "Mixed", "NEM", "NSW1",
            [new("A", "operating", 10, 9), new("B", "retired", 10, 9), new("C", "operating", 5, 5) { Fueltech = "battery" }]);
        await using var sandbox = await TestSandbox.StartAsync(new CountingData { Facilities = [farm] });

        var body = await sandbox.OkAsync("v4/facilities/?status_id=operating&fueltech_id=solar_utility");

        Assert.Equal("A", (string?)Assert.Single(body["data"]![0]!["units"]!.AsArray())!["code"]);
    }

    [Fact]
    public async Task Nothing_left_is_404_in_the_envelope()
    {
        var (status, body) = await _sandbox.GetAsync("v4/facilities/?facility_code=NOPE");

        Assert.Equal(404, status);
        Assert.Equal(
            """{"version":"4.5.11","response_status":"ERROR","error":"No facilities found matching filters: facility_code=['NOPE']","success":false}""",
            body.ToJsonString(Plain));
    }

    [Fact]
    public async Task An_unknown_status_is_422_with_the_frameworks_detail()
    {
        var (status, body) = await _sandbox.GetAsync("v4/facilities/?status_id=broken");

        Assert.Equal(422, status);
        Assert.Equal(
            """{"detail":[{"type":"enum","loc":["query","status_id",0],"msg":"Input should be 'committed', 'operating', 'commissioning' or 'retired'","input":"broken","ctx":{"expected":"'committed', 'operating', 'commissioning' or 'retired'"}}]}""",
            body.ToJsonString(Plain));
    }

    [Fact]
    public async Task Without_the_slash_the_answer_is_307_to_the_slash()
    {
        using var response = await _sandbox.Client.GetAsync("v4/facilities?network_id=WEM", TestContext.Current.CancellationToken);

        Assert.Equal(307, (int)response.StatusCode);
        Assert.Equal(new Uri(_sandbox.Server.BaseAddress, "v4/facilities/?network_id=WEM"), response.Headers.Location);
    }

    private static System.Text.Json.JsonSerializerOptions Plain { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static IEnumerable<string> Keys(JsonNode node) => node.AsObject().Select(property => property.Key);
}
