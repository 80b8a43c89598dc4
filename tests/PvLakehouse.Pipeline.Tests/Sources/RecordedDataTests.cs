using System.Globalization;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Sandbox;
using PvLakehouse.Sandbox.Replay;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Tests.Sources;

/// <summary>Seven weeks that the real APIs once returned, through the stand-in and the clients, against the recorded files.</summary>
public sealed class RecordedDataTests
{
    private static readonly NetworkWindow Window = NetworkWindow.OfDays(NetworkClock.Nem, new(2025, 10, 1), new(2025, 11, 18));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_recorded_energy_value_arrives_at_its_instant()
    {
        var recorded = Recorded("timeseries", row => row["value"].Length > 0)
            .GroupBy(row => (row["unit_code"], Instant(row["interval_start"])))
            .ToDictionary(group => group.Key, group => Number(group.MaxBy(row => row["ingest_timestamp"], StringComparer.Ordinal)!["value"]));
        await using var harness = await StartAsync();

        var points = await harness.OpenElectricity
            .GetEnergyAsync(new(await FarmsAsync(harness), Window), SourceHarness.Batch, Cancel).ToListAsync(Cancel);

        var inWindow = recorded.Where(pair => pair.Key.Item2 >= Window.StartInstant && pair.Key.Item2 < Window.EndInstant);
        var received = points.Where(point => point.EnergyMwh is not null)
            .ToDictionary(point => (point.Series.UnitCode, point.Stamp), point => point.EnergyMwh);
        Assert.True(received.Count > 9_000);
        Assert.Equal(inWindow.OrderBy(pair => pair.Key), received.OrderBy(pair => pair.Key));
    }

    [Theory]
    [InlineData("weather")]
    [InlineData("air_quality")]
    public async Task Every_recorded_hour_of_weather_and_air_arrives_at_its_instant(string dataset)
    {
        var variables = dataset == "weather" ? WeatherVariables.All : AirQualityVariables.All;
        await using var harness = await StartAsync();
        var query = HourlyQuery.Covering(await FarmsAsync(harness), Window);

        var rows = await (dataset == "weather"
            ? harness.OpenMeteo.GetWeatherAsync(query, SourceHarness.Batch, Cancel)
            : harness.OpenMeteo.GetAirQualityAsync(query, SourceHarness.Batch, Cancel)).ToListAsync(Cancel);

        // The recorded label is the wall clock of Brisbane, ten hours ahead of UTC all year.
        var received = rows.ToDictionary(row => (row.Facility.Code, row.Stamp.Start), row => row.Values);
        var compared = 0;
        foreach (var row in Recorded(dataset, _ => true))
        {
            var stamp = Instant(row["date"] + ":00+10:00");
            if (!received.TryGetValue((row["facility_code"], stamp), out var values))
            {
                Assert.False(stamp >= Window.StartInstant && stamp <= Window.EndInstant, $"{row["facility_code"]} {stamp:u} is missing");
                continue;
            }

            Assert.Equal([.. variables.Select(variable => Number(row[variable.Name]))], values);
            compared++;
        }

        // 49 days of 24 stamps and the one that closes the window, for nine farms.
        Assert.Equal(9 * ((49 * 24) + 1), compared);
    }

    private static async Task<SourceHarness> StartAsync()
    {
        var folder = Fixtures.Find("data", "recorded");
        var clock = new JumpingClock(new(2025, 11, 19, 2, 0, 0, TimeSpan.Zero));
        var server = await SandboxServer.StartAsync(new(ReplayData.Load(folder)) { Clock = clock }, Cancel);
        return SourceHarness.Over(server, clock, SourceOptions.Sandbox(server.BaseAddress), configure: null);
    }

    private static async Task<IReadOnlyList<SourceFacility>> FarmsAsync(SourceHarness harness)
    {
        var codes = Recorded("timeseries", _ => true).Select(row => row["facility_code"]).Distinct(StringComparer.Ordinal);
        var farms = await harness.OpenElectricity
            .GetFacilitiesAsync(FacilityQuery.ByCode(codes), SourceHarness.Batch, Cancel).ToListAsync(Cancel);
        return [.. farms.Select(farm => farm.ToSourceFacility())];
    }

    /// <summary>The rows of a recorded file by column name; none of the columns used holds a comma.</summary>
    private static IEnumerable<Dictionary<string, string>> Recorded(string dataset, Func<Dictionary<string, string>, bool> wanted)
    {
        var lines = File.ReadLines(Path.Combine(
            Fixtures.Find("data", "recorded"), $"{dataset}_9_facilities_20251001_20251119.csv"));
        string[]? header = null;
        foreach (var line in lines)
        {
            var fields = line.Split(',');
            if (header is null)
            {
                header = fields;
                continue;
            }

            var row = header.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
            if (wanted(row))
            {
                yield return row;
            }
        }
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUniversalTime();

    private static double? Number(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
