using PvLakehouse.Sandbox.Csv;
using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Replay;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Sandbox.Tests.Replay;

public sealed class ReplayDataTests : IDisposable
{
    private const string EnergyHeader = "network_id,network_region,facility_code,facility_name,unit_code,metric,interval,interval_start,value,ingest_timestamp\n";
    private const string WeatherHeader = "facility_code,latitude,longitude,date,shortwave_radiation,is_day,ingest_timestamp\n";

    private static readonly DateTimeOffset Late = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("pvlake-replay-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_newest_ingest_of_an_hour_wins_wherever_it_stands_in_the_file()
    {
        var data = Load(EnergyHeader
            + "NEM,NSW1,AVLSF,Avonlie,AVLSF1,energy,1h,2025-10-01T10:00:00+10:00,2.5,2025-10-03T00:00:00Z\n"
            + "NEM,NSW1,AVLSF,Avonlie,AVLSF1,energy,1h,2025-10-01T10:00:00+10:00,1.5,2025-10-02T00:00:00Z\n"
            + "NEM,NSW1,AVLSF,Avonlie,AVLSF1,energy,1h,2025-10-01T11:00:00+10:00,,2025-10-02T00:00:00Z\n"
            + "NEM,NSW1,AVLSF,Avonlie,AVLSF1,energy,1h,2025-10-01T12:00:00+10:00,-0.0123,2025-10-02T00:00:00Z\n");

        Assert.Equal([2.5, null, -0.0123, null], Energy(data, "AVLSF1", EnergyInterval.Hour, hour: 0, count: 4, Late));
    }

    [Fact]
    public void Hours_that_end_after_the_clock_are_unknown_yet()
    {
        var data = Load(EnergyHeader
            + "NEM,NSW1,AVLSF,Avonlie,AVLSF1,energy,1h,2025-10-01T10:00:00+10:00,1,2025-10-03T00:00:00Z\n"
            + "NEM,NSW1,AVLSF,Avonlie,AVLSF1,energy,1h,2025-10-01T11:00:00+10:00,2,2025-10-03T00:00:00Z\n");

        Assert.Equal([1, null], Energy(data, "AVLSF1", EnergyInterval.Hour, hour: 0, count: 2, new(2025, 10, 1, 1, 59, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void Five_minute_stamps_of_the_nem_end_their_interval_and_sum_to_hours()
    {
        // 10:05 to 11:00 are the twelve ends of the hour from 10:00: 1 + 2 + ... + 12 = 78. 11:05 belongs to the next hour.
        var data = Load(EnergyHeader + string.Concat(Enumerable.Range(1, 13).Select(i =>
            $"NEM,NSW1,AVLSF,Avonlie,AVLSF1,energy,5m,2025-10-01T{10 + (i / 12):00}:{i * 5 % 60:00}:00+10:00,{i},2025-10-02T00:00:00Z\n")));

        Assert.Equal([1, 2], Energy(data, "AVLSF1", EnergyInterval.FiveMinutes, hour: 0, count: 2, Late));
        Assert.Equal([78, 13], Energy(data, "AVLSF1", EnergyInterval.Hour, hour: 0, count: 2, Late));
    }

    [Fact]
    public void A_farm_without_a_row_of_its_own_is_listed_by_the_registry_or_by_what_is_known()
    {
        var data = Load(EnergyHeader
            + "NEM,NSW1,BOMENSF,Bomen,BOMENSF1,energy,1h,2025-10-01T10:00:00+10:00,1,2025-10-02T00:00:00Z\n"
            + "NEM,NSW1,NEWFARM,New Farm,NEW1,energy,1h,2025-10-01T10:00:00+10:00,1,2025-10-02T00:00:00Z\n"
            + "NEM,NSW1,NEWFARM,New Farm,NEW2,energy,1h,2025-10-01T10:00:00+10:00,1,2025-10-02T00:00:00Z\n");

        Assert.Equal(["BOMENSF", "NEWFARM"], data.Facilities.Select(farm => farm.Code));
        Assert.Equal(FacilityRegistry.Load().Find("BOMENSF")!.Location, data.Facilities[0].Location);
        Assert.Equal(("New Farm", null), (data.Facilities[1].Name, data.Facilities[1].Location));
        Assert.Equal(["NEW1", "NEW2"], data.Facilities[1].Units.Select(unit => unit.Code));
    }

    [Fact]
    public void A_row_without_coordinates_takes_them_from_the_registry_and_units_share_the_capacity()
    {
        var data = Load(
            "facility_code,facility_name,network_id,network_region,location_lat,location_lng,total_capacity_registered_mw,total_capacity_maximum_mw,"
            + "unit_fueltech_summary,unit_status_summary,unit_codes\n"
            + "AVLSF,Avonlie,NEM,NSW1,,,100,90,solar_utility:2,commissioning:2,\"A1,A2\"\n");

        var farm = Assert.Single(data.Facilities);
        Assert.Equal(FacilityRegistry.Load().Find("AVLSF")!.Location, farm.Location);
        Assert.Equal([new("A1", "commissioning", 50, 45), new("A2", "commissioning", 50, 45)], farm.Units);
    }

    [Fact]
    public void Weather_is_local_time_of_plus_ten_hours_and_far_places_have_none()
    {
        var data = Load(WeatherHeader
            + "AVLSF,-34.9,146.6,2025-10-01T10:00,500.25,1,2025-10-02T00:00:00Z\n"
            + "AVLSF,-34.9,146.6,2025-10-01T12:00,,1,2025-10-02T00:00:00Z\n");
        double?[]? Ask(double latitude, string variable, HourlyDataset dataset, DateTimeOffset asOf) =>
            data.Hourly(new(dataset, new(latitude, 146.6), [variable], asOf)
            {
                First = UtcHour.StartingAt(new(2025, 10, 1, 0, 0, 0, TimeSpan.Zero)),
                Count = 3,
            })[0];

        Assert.Equal([500.25, null, null], Ask(-34.9, "shortwave_radiation", HourlyDataset.Archive, Late));
        Assert.Equal([1, null, 1], Ask(-34.93, "is_day", HourlyDataset.Archive, Late));
        Assert.Equal([null, null, null], Ask(-35.0, "is_day", HourlyDataset.Archive, Late));
        Assert.Null(Ask(-34.9, "rain", HourlyDataset.Archive, Late));
        // One minute past the first hour: the archive knows that one, the forecast was made before all of them.
        var early = new DateTimeOffset(2025, 10, 1, 0, 1, 0, TimeSpan.Zero);
        Assert.Equal([1, null, null], Ask(-34.9, "is_day", HourlyDataset.Archive, early));
        Assert.Equal([1, null, 1], Ask(-34.9, "is_day", HourlyDataset.Forecast, early));
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "'recording.csv' is no recording: expected the columns of time series")]
    [InlineData(EnergyHeader + "NEM,NSW1,A,A,A1,price,1h,2025-10-01T10:00:00+10:00,1,2025-10-02T00:00:00Z\n", "column 'metric': expected energy")]
    [InlineData(EnergyHeader + "NEM,NSW1,A,A,A1,energy,30m,2025-10-01T10:00:00+10:00,1,2025-10-02T00:00:00Z\n", "column 'interval': expected 1h or 5m, found '30m'")]
    [InlineData(EnergyHeader + "NEM,NSW1,A,A,A1,energy,1h,2025-10-01T10:00:00,1,2025-10-02T00:00:00Z\n", "column 'interval_start': expected an ISO 8601 instant")]
    [InlineData(WeatherHeader + "AVLSF,-34.9,146.6,2025-10-01T10:30,1,1,2025-10-02T00:00:00Z\n", "column 'date': expected a full hour")]
    public void Files_of_another_shape_are_refused(string text, string message)
    {
        var error = Assert.ThrowsAny<Exception>(() => Load(text));

        Assert.True(error is SandboxException or CsvFormatException, error.ToString());
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_missing_or_empty_is_refused()
    {
        Assert.Equal(
            $"There is no folder '{_folder}-not' to replay.", Assert.Throws<SandboxException>(() => ReplayData.Load(_folder + "-not")).Message);
        Assert.Equal(
            $"The folder '{_folder}' has no CSV file to replay.", Assert.Throws<SandboxException>(() => ReplayData.Load(_folder)).Message);
    }

    private ReplayData Load(string text)
    {
        File.WriteAllText(Path.Combine(_folder, "recording.csv"), text);
        return ReplayData.Load(_folder);
    }

    /// <summary>Values from an UTC hour of 2025-10-01 on.</summary>
    private static double?[] Energy(ReplayData data, string code, EnergyInterval interval, int hour, int count, DateTimeOffset asOf)
    {
        var values = new double?[count];
        var unit = data.Facilities.SelectMany(farm => farm.Units).Single(unit => unit.Code == code);
        data.Energy(unit, interval, new(2025, 10, 1, hour, 0, 0, TimeSpan.Zero), asOf, values);
        return values;
    }
}
