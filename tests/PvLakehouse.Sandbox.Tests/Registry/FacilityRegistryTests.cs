using PvLakehouse.Sandbox.Registry;

namespace PvLakehouse.Sandbox.Tests.Registry;

public sealed class FacilityRegistryTests
{
    private readonly FacilityRegistry _registry = FacilityRegistry.Load();

    [Fact]
    public void Every_farm_has_a_place_a_unit_and_a_capacity()
    {
        Assert.Equal(114, _registry.Facilities.Count);
        Assert.All(_registry.Facilities, farm =>
        {
            Assert.InRange(farm.Location!.Value.Latitude, -44, -10);
            Assert.InRange(farm.Location!.Value.Longitude, 113, 154);
            Assert.All(farm.Units, unit => Assert.True(unit.CapacityMw > 0, unit.Code));
        });
        Assert.Distinct(_registry.Facilities.SelectMany(farm => farm.Units, (_, unit) => unit.Code), StringComparer.Ordinal);
    }

    [Fact]
    public void Avonlie_is_as_the_provider_published_it()
    {
        var avonlie = _registry.Find("AVLSF")!;

        Assert.Equal(("Avonlie", "NEM", "NSW1", true), (avonlie.Name, avonlie.NetworkId, avonlie.Region, avonlie.HasIntervalData));
        Assert.Equal(new SandboxLocation(-34.919115, 146.60954), avonlie.Location);
        Assert.Equal([new SandboxUnit("AVLSF1", "operating", 254.1, 190.0)], avonlie.Units);
    }

    [Fact]
    public void Several_units_share_the_capacity_of_their_farm_equally()
    {
        // New England: 400 MW over NEWENSF1 and NEWENSF2, first data 2022-12-20 10:45 network time.
        var firstSeen = new DateTimeOffset(2022, 12, 20, 10, 45, 0, TimeSpan.FromHours(10));
        Assert.Equal(
            [
                new SandboxUnit("NEWENSF1", "operating", 200, 200) { DataFirstSeen = firstSeen },
                new SandboxUnit("NEWENSF2", "operating", 200, 200) { DataFirstSeen = firstSeen },
            ],
            _registry.Find("NEWENSF")!.Units);
    }

    [Fact]
    public void Five_listed_farms_of_the_registry_have_no_interval_data() =>
        Assert.Equal(
            "BAKING CESF NASF SKSF VALDORA",
            string.Join(' ', _registry.Facilities.Where(farm => !farm.HasIntervalData).Select(farm => farm.Code)));
}
