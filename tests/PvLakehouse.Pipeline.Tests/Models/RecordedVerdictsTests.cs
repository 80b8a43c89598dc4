using System.Globalization;

namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>What the rules find in the recordings, beside what a plain look at the CSV files finds.</summary>
[Collection(nameof(RecordedLake))]
public sealed class RecordedVerdictsTests(RecordedLake recordings, ITestOutputHelper output)
{
    // The provider counted twice what it delivered on 2025-11-19 for these days: ten days later it delivered half (hand-checked on the
    // system before ours).
    private const string FirstDoubled = "2025-11-12", LastDoubled = "2025-11-18";

    private TestLake Lake => recordings.Lake;

    [Fact]
    public async Task Doubled_days_are_named_and_no_other_day_is()
    {
        var named = await DaysAsync("DOUBLED_DAY");
        Print("doubled farm-days", named);

        // Energy by global irradiation, against its median before: our rule asks the modules' plane and the month before instead.
        var ratios = EnergyByIrradiation();
        var doubled = ratios.Where(day => day.Value > 1.8 && IsDoubled(day.Key)).Select(day => day.Key).ToList();
        Print("of which more than 1.8 times the usual energy by global irradiation", doubled);
        Assert.InRange(doubled.Count, 25, 56);
        Assert.Superset(doubled.ToHashSet(StringComparer.Ordinal), named.ToHashSet(StringComparer.Ordinal));
        Assert.All(named, day => Assert.True(IsDoubled(day) && ratios[day] > 1.1, $"{day}: {ratios[day]}"));
    }

    [Fact]
    public async Task Frozen_evenings_are_bad_and_named()
    {
        var capacities = RecordedFiles.Facilities();
        // From 20:00 to 03:00 network time the sun is down at all nine farms: their latest sunset, at 142 E in November, is at 19:15.
        var dark = RecordedFiles.Energy().Where(row => row.Hour is >= 20 or <= 3).ToList();
        // The known figures: 250 farm-hours above 1 MWh on 42 days.
        var large = dark.Where(row => row.Mwh > 1).ToList();
        Assert.Equal((250, 42), (large.Count, large.Select(row => row.Day).Distinct(StringComparer.Ordinal).Count()));

        var impossible = dark.Where(row => row.Mwh > 0.005 * capacities[row.Farm].MaximumMw).ToList();
        var bad = (await HoursAsync("quality_flag = 'BAD'")).ToHashSet(StringComparer.Ordinal);
        Print("farm-hours in the dark", impossible.ConvertAll(row => row.Start));
        Assert.All(impossible, row => Assert.Contains($"{row.Farm} {row.Start[..13]}", bad));

        var evenings = impossible.Where(row => row.Hour >= 20).Select(row => $"{row.Farm} {row.Day}").Distinct(StringComparer.Ordinal);
        var named = await DaysAsync("FROZEN_EVENING");
        Print("frozen evenings", named);
        // Avonlie on 16 November rises in the dark (23.2, 32.1, 2.9 MWh): no feed that stood still.
        Assert.Equal(["AVLSF 2025-11-16"], evenings.Except(named, StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_missing_hour_and_the_stopped_farm_are_named()
    {
        var hours = RecordedFiles.Energy().GroupBy(row => row.Farm).ToDictionary(
            farm => farm.Key, farm => farm.Select(row => row.Start).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var (missing, silent) = (new List<string>(), new List<string>());
        foreach (var farm in RecordedFiles.Farms)
        {
            for (var day = RecordedFiles.First; day <= RecordedFiles.Last; day = day.AddDays(1))
            {
                var start = day.ToDateTime(TimeOnly.MinValue);
                var sent = Enumerable.Range(0, 24).Count(hour => hours[farm].Contains(RecordedFiles.Text(start.AddHours(hour))));
                if (sent < 24)
                {
                    (sent == 0 ? silent : missing).Add(string.Create(CultureInfo.InvariantCulture, $"{farm} {day:yyyy-MM-dd}"));
                }
            }
        }

        // Nine farms lack 04:00 of 28 October; White Rock ends on 1 November.
        Assert.All(missing, day => Assert.EndsWith("2025-10-28", day, StringComparison.Ordinal));
        Assert.Equal((9, 17), (missing.Count, silent.Count(day => day.StartsWith("WRSF1", StringComparison.Ordinal))));
        Print("days with a gap", missing);
        Print("days after the series stopped", silent);
        Assert.Equal(missing, await DaysAsync("GAP"));
        Assert.Equal(silent, await DaysAsync("SERIES_STOPPED"));
    }

    [Fact]
    public async Task The_shifted_solar_clock_is_named_by_farm_and_month()
    {
        // The middle of the bright hours' 90th percentile, against solar noon: 12 h + 4 min a degree west of 150 E - equation of time
        // (15.4 min on 21 October, 12.6 min on 8 October; The Astronomical Almanac). No weather, no module plane.
        var facilities = RecordedFiles.Facilities();
        foreach (var farm in RecordedFiles.Farms)
        {
            var late = Envelope(farm, "2025-10-11", "2025-10-31") - (12 + ((150 - facilities[farm].Longitude) / 15) - (15.4 / 60));
            var right = Envelope(farm, "2025-10-06", "2025-10-10") - (12 + ((150 - facilities[farm].Longitude) / 15) - (12.6 / 60));
            var october = (await Lake.RowsAsync(
                $"""
                SELECT noon_offset_h, quality_issues LIKE '%CLOCK_SHIFTED%' FROM iceberg.silver.solar_clock
                WHERE facility_code = '{farm}' AND month = DATE '2025-10-01'
                """)).Single().Split(' ');
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{farm} late by {late:0.00} h, {right:0.00} h on 6 to 10 October; found {october[0]} h"));
            Assert.InRange(late, 0.4, 0.9);
            Assert.InRange(right, -0.4, 0.45);
            Assert.InRange(double.Parse(october[0], CultureInfo.InvariantCulture), late - 0.3, late + 0.3);
            Assert.Equal("true", october[1]);
        }

        // For five days all clocks were right; the days' offsets scatter with clouds and curtailment, their median does not.
        Assert.Equal(["true true"], await Lake.RowsAsync(
            """
            SELECT median(CASE WHEN day(network_date) BETWEEN 6 AND 10 THEN noon_offset_h END) < 0.25,
              median(CASE WHEN day(network_date) > 10 THEN noon_offset_h END) > 0.5
            FROM iceberg.silver.clean_daily_energy WHERE network_date BETWEEN DATE '2025-10-01' AND DATE '2025-10-31'
            """));
        var shifted = await DaysAsync("CLOCK_SHIFTED");
        Print("days with a shifted clock", shifted);
        Print("of which among the 45 right ones of 6 to 10 October", [.. shifted.Where(day => IsWithin(day, "2025-10-06", "2025-10-10"))]);
        // All but those whose week was too dark, broken or held back to tell: from 14 October to 1 November, 9 farms x 19 days.
        Assert.InRange(shifted.Count(day => IsWithin(day, "2025-10-14", "2025-11-01")), 9 * 19 * 3 / 4, 9 * 19);
        // A shifted day's sum is right, so it takes nothing from the day.
        Assert.Equal(["0"], await Lake.RowsAsync(
            "SELECT count(*) FROM iceberg.silver.clean_daily_energy WHERE quality_issues = 'CLOCK_SHIFTED' AND quality_flag <> 'GOOD'"));
    }

    [Fact]
    public async Task Auxiliary_load_and_overcast_are_not_bad()
    {
        var energy = RecordedFiles.Energy();
        var bad = (await HoursAsync("quality_flag = 'BAD'")).ToHashSet(StringComparer.Ordinal);

        // Hughenden draws up to 0.4 MWh an hour at night, 2.2 % of its 18 MW.
        var negative = energy.Where(row => row.Mwh < 0).ToList();
        Print("hours with auxiliary load", negative.ConvertAll(row => row.Start));
        Assert.Equal(202, negative.Count);
        Assert.DoesNotContain(negative, row => bad.Contains($"{row.Farm} {row.Start[..13]}"));

        // Closed clouds and less than 300 W/m² by day, before the doubled days.
        var weather = RecordedFiles.Weather();
        var overcast = energy.Where(row => row.Hour is >= 9 and <= 16 && string.CompareOrdinal(row.Day, FirstDoubled) < 0
            && weather.TryGetValue((row.Farm, row.Start), out var sky) && sky.Cloud >= 98 && sky.Radiation < 300).ToList();
        Print("overcast hours", overcast.ConvertAll(row => row.Start));
        Assert.InRange(overcast.Count, 200, 300);
        Assert.DoesNotContain(overcast, row => bad.Contains($"{row.Farm} {row.Start[..13]}"));
    }

    [Fact]
    public async Task Impossible_farm_days_are_held_and_all_others_are_in_gold()
    {
        var reasons = await Lake.RowsAsync(
            "SELECT facility_code, CAST(network_date AS VARCHAR), reasons FROM iceberg.ops.held_days WHERE status = 'open' ORDER BY 2, 1");
        output.WriteLine(string.Join(Environment.NewLine, reasons));
        string[] held = [.. reasons.Select(day => day[..day.LastIndexOf(' ')])];

        // More in an hour than a tenth above registered and maximum capacity: no plant of that size can.
        var capacities = RecordedFiles.Facilities();
        var energy = RecordedFiles.Energy();
        var impossible = energy.Where(row => row.Mwh > 1.1 * Math.Max(capacities[row.Farm].RegisteredMw, capacities[row.Farm].MaximumMw))
            .Select(row => $"{row.Farm} {row.Day}").Distinct(StringComparer.Ordinal).ToList();
        Print("held farm-days", held);
        Print("of which are certainly impossible", impossible);
        Assert.Equal(32, impossible.Count);
        Assert.Empty(impossible.Except(held, StringComparer.Ordinal));
        Assert.All(held, day => Assert.True(IsDoubled(day), day));

        var gold = (await Lake.RowsAsync(
            """
            SELECT d.facility_code, strftime((f.date_hour AT TIME ZONE 'UTC') + INTERVAL '10' HOUR, '%Y-%m-%d'),
              CAST(sum(f.energy_mwh) AS DECIMAL(18,4))
            FROM iceberg.gold.fact_solar_environmental f JOIN iceberg.gold.dim_facility d ON d.facility_key = f.facility_key
            GROUP BY 1, 2 HAVING count(f.energy_mwh) > 0
            """)).Order(StringComparer.Ordinal);
        Assert.Equal(
            energy.GroupBy(row => $"{row.Farm} {row.Day}").Where(day => !held.Contains(day.Key))
                .Select(day => string.Create(CultureInfo.InvariantCulture, $"{day.Key} {day.Sum(row => row.Mwh):0.0000}"))
                .Order(StringComparer.Ordinal),
            gold);
    }

    private static bool IsDoubled(string day) => IsWithin(day, FirstDoubled, LastDoubled);

    private static bool IsWithin(string day, string first, string last) =>
        string.CompareOrdinal(day[^10..], first) >= 0 && string.CompareOrdinal(day[^10..], last) <= 0;

    /// <summary>Each farm-day's energy by global irradiation, over the farm's median of the days before the doubled ones.</summary>
    private static Dictionary<string, double> EnergyByIrradiation()
    {
        var weather = RecordedFiles.Weather();
        var days = RecordedFiles.Energy().GroupBy(row => (row.Farm, row.Day)).ToDictionary(
            day => day.Key, day => day.Sum(row => row.Mwh) / day.Sum(row => weather[(row.Farm, row.Start)].Radiation));
        var usual = days.Where(day => string.CompareOrdinal(day.Key.Day, FirstDoubled) < 0).GroupBy(day => day.Key.Farm).ToDictionary(
            farm => farm.Key, farm => farm.Select(day => day.Value).Order().ElementAt(farm.Count() / 2), StringComparer.Ordinal);
        return days.ToDictionary(day => $"{day.Key.Farm} {day.Key.Day}", day => day.Value / usual[day.Key.Farm], StringComparer.Ordinal);
    }

    /// <summary>Middle of the hourly 90th percentiles between 04:00 and 19:00 network time [h].</summary>
    private static double Envelope(string farm, string first, string last)
    {
        var (moment, weight) = (0.0, 0.0);
        foreach (var hour in RecordedFiles.Energy()
            .Where(row => row.Farm == farm && row.Hour is >= 4 and <= 18
                && IsWithin(row.Day, first, last))
            .GroupBy(row => row.Hour))
        {
            var value = hour.Select(row => row.Mwh).Order().ElementAt((int)(0.9 * (hour.Count() - 1)));
            moment += value * (hour.Key + 0.5);
            weight += value;
        }

        return moment / weight;
    }

    private Task<string[]> DaysAsync(string rule) => Lake.RowsAsync(
        $"""
        SELECT concat(facility_code, ' ', network_date) FROM iceberg.silver.clean_daily_energy
        WHERE list_contains(string_split(quality_issues, '|'), '{rule}') ORDER BY 1
        """);

    private Task<string[]> HoursAsync(string condition) => Lake.RowsAsync(
        $"""
        SELECT concat(facility_code, ' ', strftime((date_hour AT TIME ZONE 'UTC') + INTERVAL '10' HOUR, '%Y-%m-%dT%H'))
        FROM iceberg.silver.clean_hourly_energy WHERE {condition} ORDER BY 1
        """);

    private void Print(string what, IReadOnlyCollection<string> found) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {found.Count}"));
}
