using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>Verdicts that look at neighbours, regions and months are the same whatever the order in which values arrived.</summary>
public sealed class EnergyHistoryTests : IAsyncLifetime
{
    private static readonly string[] Silver = ["facility_master", "hourly_weather", "hourly_energy", "daily_energy"];
    private static readonly DateOnly First = new(2025, 1, 20);

    private readonly TestLake _lake = new();

    public ValueTask InitializeAsync() => _lake.InitializeAsync();

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Full_equals_incremental_after_any_history(int seed)
    {
        var random = new Random(seed);
        string[] farms = ["ALPHA", "BRAVO", "CHARLIE"];
        foreach (var farm in farms)
        {
            await _lake.FacilityAsync(farm, 120, 100, region: farm == "CHARLIE" ? "VIC1" : "NSW1");
        }

        var days = new SunnyDays(_lake);
        for (var batch = 0; batch < 6; batch++)
        {
            var farm = farms[random.Next(farms.Length)];
            var first = First.AddDays(random.Next(40));
            var count = random.Next(1, 12);
            if (random.Next(3) == 0)
            {
                await days.WeatherAsync(farm, first, count);
            }

            // Whole days, corrections of them, holes, nulls would be the provider's; a factor makes outages and doubled days.
            var factor = random.Next(4) switch { 0 => 0, 1 => 2, _ => 1.0 };
            var holes = Enumerable.Range(0, count).Select(day => (day, random.Next(24))).ToHashSet();
            await days.EnergyAsync(farm, first, count, (day, hour) => holes.Contains((day, hour)) ? null : factor);
            foreach (var dataset in Silver)
            {
                await _lake.SilverAsync(dataset);
            }
        }

        foreach (var dataset in Silver)
        {
            var full = await _lake.SilverAsync(dataset, ModelMode.Full);

            Assert.Equal((dataset, 0, 0, 0), (dataset, full.RowsInserted, full.RowsUpdated, full.RowsDeleted));
        }
    }
}
