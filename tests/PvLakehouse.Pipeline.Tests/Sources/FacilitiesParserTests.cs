using System.Text;
using PvLakehouse.Pipeline.Sources.Json;
using PvLakehouse.Pipeline.Sources.OpenElectricity;

namespace PvLakehouse.Pipeline.Tests.Sources;

public sealed class FacilitiesParserTests
{
    private const string Hybrid = """
        {"version":"4.5.11","created_at":"2026-08-20T09:15:02+10:00","success":true,"total_records":1,
         "data":[{"code":"EXMPSF","name":"Example","network_id":"NEM","network_region":"NSW1",
           "description":"<p>HTML allowed</p>","npi_id":"1","osm_way_id":"123","location":{"lat":-33.1,"lng":148.2},
           "boundary":{"type":"Polygon","coordinates":[[[148.1,-33.1],[148.2,-33.1]]]},
           "created_at":"2023-10-18T04:34:32Z","updated_at":"2025-07-08T02:56:03Z",
           "units":[
            {"code":"EXMPSF1","fueltech_id":"solar_utility","status_id":"operating","dispatch_type":"GENERATOR",
             "capacity_registered":121.0,"capacity_maximum":100,"data_first_seen":"2020-05-01T11:05:00+10:00",
             "data_last_seen":"2026-08-20T09:10:00+10:00","max_generation":99.8,"commencement_date":"2020-06-01T00:00:00+10:00"},
            {"code":"EXMPB1","fueltech_id":"battery","status_id":"committed","dispatch_type":"BIDIRECTIONAL","capacity_storage":50.5}]}]}
        """;

    [Fact]
    public void A_hybrid_keeps_all_its_units_and_knows_the_solar_ones()
    {
        var facility = Assert.Single(Parse(Hybrid));

        Assert.Equal(
            ("EXMPSF", "Example", "NEM", "NSW1", -33.1, 148.2, "<p>HTML allowed</p>"),
            (facility.Code, facility.Name, facility.NetworkId, facility.NetworkRegion, facility.Latitude!.Value,
                facility.Longitude!.Value, facility.Description));
        Assert.Equal(("2023-10-18T04:34:32Z", "2025-07-08T02:56:03Z"), (facility.CreatedAt, facility.UpdatedAt));
        Assert.Equal(
            [
                new FacilityUnit
                {
                    Code = "EXMPSF1", FuelTech = "solar_utility", Status = "operating", DispatchType = "GENERATOR",
                    CapacityRegistered = 121, CapacityMaximum = 100, DataFirstSeen = "2020-05-01T11:05:00+10:00",
                    DataLastSeen = "2026-08-20T09:10:00+10:00", MaxGeneration = 99.8,
                    CommencementDate = "2020-06-01T00:00:00+10:00",
                },
                new FacilityUnit
                {
                    Code = "EXMPB1", FuelTech = "battery", Status = "committed", DispatchType = "BIDIRECTIONAL",
                    CapacityStorage = 50.5,
                },
            ],
            facility.Units);
        Assert.Equal(["EXMPSF1"], facility.ToSourceFacility().SolarUnitCodes);
    }

    [Theory]
    [InlineData("\"code\":\"EXMPB1\",", "", "$.data[0].units[1]", "a key 'code'")]
    [InlineData("\"network_id\":\"NEM\",", "", "$.data[0]", "a key 'network_id'")]
    [InlineData("121.0", "\"121\"", "$.data[0].units[0].capacity_registered", "MW or null")]
    [InlineData("\"lat\":-33.1", "\"lat\":-133.1", "$.data[0].location.lat", "degrees from -90 to 90")]
    [InlineData("\"location\":{\"lat\":-33.1,\"lng\":148.2}", "\"location\":[-33.1,148.2]", "$.data[0].location", "a location object or null")]
    public void A_wrong_entry_is_refused_with_its_path(string part, string replacement, string path, string expected)
    {
        Assert.Contains(part, Hybrid, StringComparison.Ordinal);
        var fault = Assert.Throws<PayloadFormatException>(
            () => Parse(Hybrid.Replace(part, replacement, StringComparison.Ordinal)));
        Assert.Equal(path, fault.Path);
        Assert.Contains($"expected {expected}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recorded_body_without_locations_is_read()
    {
        var facilities = FacilitiesParser.Parse(Fixtures.Read("openelectricity", "facilities_v4.2.4.json"));

        // Counted in the recording by hand: Bayswater comes first, with four coal units of 660 MW and no location.
        Assert.Equal(("BAYSW", "Bayswater", "NSW1"), (facilities[0].Code, facilities[0].Name, facilities[0].NetworkRegion));
        Assert.Equal([660.0, 660.0, 660.0, 660.0], facilities[0].Units.Select(unit => unit.CapacityRegistered!.Value));
        Assert.Null(facilities[0].Latitude);
        Assert.False(facilities[0].ToSourceFacility().HasLocation);
    }

    private static List<FacilityRecord> Parse(string body) => FacilitiesParser.Parse(Encoding.UTF8.GetBytes(body));
}
