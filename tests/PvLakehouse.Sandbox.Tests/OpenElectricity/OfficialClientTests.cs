using System.Globalization;
using PvLakehouse.Sandbox.Tests.Support;

namespace PvLakehouse.Sandbox.Tests.OpenElectricity;

[Collection(NodeClients.Collection)]
public sealed class OfficialClientTests(NodeClients node)
{
    [Fact]
    public async Task The_official_npm_client_works_unchanged()
    {
        await using var sandbox = await TestSandbox.StartAsync();

        var result = await node.RunScriptAsync("openelectricity.mjs", new Uri(sandbox.Server.BaseAddress, "v4"));

        // 114 farms of the registry, 5 of them in the WEM.
        Assert.Equal(109, (int)result["facilities"]!);
        Assert.Equal(("AVLSF1", 254.1, "solar_utility"),
            ((string?)result["avonlie"]!["unit_code"], (double)result["avonlie"]!["unit_capacity"]!, (string?)result["avonlie"]!["unit_fueltech"]));
        // Three hours of three units; 06:00 in the NEM is 20 h UTC. In an hour the mean power [MW] is the energy [MWh].
        Assert.Equal(9, result["rows"]!.AsArray().Count);
        Assert.Equal(
            ["20:00 20.25 20.25", "21:00 21.25 21.25", "22:00 22.25 22.25"],
            result["rows"]!.AsArray().Where(row => (string?)row!["unit_code"] == "AVLSF1").Select(row => string.Create(
                CultureInfo.InvariantCulture, $"{((string)row!["interval"]!)[11..16]} {(double)row["energy"]!} {(double)row["power"]!}")));
        Assert.Equal("ENTERPRISE", (string?)result["plan"]);
        Assert.Equal(
            ("OpenElectricityError", 400, "Date range too large for 1h interval. Maximum range is 365 days."),
            ((string?)result["refused"]!["name"], (int)result["refused"]!["statusCode"]!, (string?)result["refused"]!["message"]));
    }
}
