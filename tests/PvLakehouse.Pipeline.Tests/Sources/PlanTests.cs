using System.Globalization;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Tests.Sources;

public sealed class PlanTests
{
    private static readonly SourceOptions Live = SourceOptions.Live(new Secret("0123456789"));
    private static readonly SourceOptions Sandbox = SourceOptions.Sandbox(new("http://127.0.0.1:8090"));
    private static readonly DateTimeOffset Now = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    [Fact]
    public void All_solar_farms_are_asked_with_the_slash_and_with_those_being_commissioned()
    {
        var request = Assert.Single(OpenElectricityPlan.Facilities(FacilityQuery.AllSolar, Live.OpenElectricity));

        Assert.Equal(
            "https://api.openelectricity.org.au/v4/facilities/?network_id=NEM&network_id=WEM&fueltech_id=solar_utility"
            + "&status_id=operating&status_id=commissioning",
            request.Address.AbsoluteUri);
    }

    [Fact]
    public void Codes_are_asked_thirty_at_a_time_and_without_any_filter_on_status()
    {
        var codes = Enumerable.Range(1, 61).Select(number => $"FARM{number}").ToList();

        var plan = OpenElectricityPlan.Facilities(FacilityQuery.ByCode(codes), Live.OpenElectricity);

        Assert.Equal([30, 30, 1], plan.Select(request => request.Codes.Count));
        Assert.Equal(
            "https://api.openelectricity.org.au/v4/facilities/?facility_code=FARM61", plan[2].Address.AbsoluteUri);
    }

    [Fact]
    public void Energy_is_asked_in_naive_network_time()
    {
        var window = NetworkWindow.OfDays(NetworkClock.Wem, new(2025, 10, 1), new(2025, 10, 2));

        var request = Assert.Single(OpenElectricityPlan.Energy(new([Bodies.Merredin], window), Live.OpenElectricity));

        Assert.Equal(
            "https://api.openelectricity.org.au/v4/data/facilities/WEM?metrics=energy&interval=1h&facility_code=MERSOLAR"
            + "&date_start=2025-10-01T00:00:00&date_end=2025-10-03T00:00:00",
            request.Address.AbsoluteUri);
        Assert.Equal(1, request.Cost);
    }

    [Fact]
    public void Two_years_take_23_credits_of_the_free_plan_and_two_requests_of_the_sandbox()
    {
        var window = NetworkWindow.OfDays(NetworkClock.Nem, new(2024, 1, 1), new(2025, 12, 22));
        var query = new EnergyQuery([Bodies.Avonlie, Bodies.Emerald], window);

        // 722 days by 32 and by 365.
        Assert.Equal(23, OpenElectricityPlan.Energy(query, Live.OpenElectricity).Sum(request => request.Cost));
        Assert.Equal(2, OpenElectricityPlan.Energy(query, Sandbox.OpenElectricity).Count);
    }

    [Fact]
    public void Every_farm_is_asked_over_the_whole_window()
    {
        var farms = Enumerable.Range(1, 31).Select(n => Bodies.Farm($"F{n}", "NEM", 0, 0, $"F{n}U")).ToList();
        var window = NetworkWindow.OfDays(NetworkClock.Nem, new(2025, 1, 1), new(2025, 2, 9));

        var plan = OpenElectricityPlan.Energy(new(farms, window), Live.OpenElectricity);

        // 40 days by 32, twice: for 30 farms and for the last one.
        Assert.Equal([30, 30, 1, 1], plan.Select(request => request.Facilities.Count));
        Assert.Equal("2025-02-10T00:00:00", plan[3].Window.EndText);
    }

    [Theory]
    [InlineData(21, 31, 4.65)] // 2.1 × 31 / 14
    [InlineData(9, 14, 1)]
    [InlineData(21, 7, 2.1)]
    [InlineData(10, 28, 2)]
    public void A_call_weighs_what_the_provider_says(int variables, int days, double weight) =>
        Assert.Equal(weight, CallWeight.Of(variables, days), 1e-12);

    [Fact]
    public void Recent_days_come_from_the_forecast_service_and_no_hour_of_the_future_is_asked()
    {
        var plan = OpenMeteoPlan.Weather(Query("2026-01-20T14:00Z", "2026-02-05T14:00Z"), Live.OpenMeteo, Now);

        // Today is 3 February: the last five days are 30 January to 3 February.
        Assert.Equal(
            [
                ("open-meteo/archive", "2026-01-20T14:00Z", "2026-01-29T23:00Z"),
                ("open-meteo/forecast", "2026-01-30T00:00Z", "2026-02-03T04:00Z"),
            ],
            plan.Select(request => (request.Source, request.First.ToString(), request.Last.ToString())));
        Assert.StartsWith(
            "https://api.open-meteo.com/v1/forecast?latitude=-34.91911&longitude=146.60954&hourly=shortwave_radiation,direct",
            plan[1].Address.AbsoluteUri, StringComparison.Ordinal);
        Assert.EndsWith(
            ",pressure_msl&start_date=2026-01-30&end_date=2026-02-03&timezone=GMT",
            plan[1].Address.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_in_the_future_asks_for_nothing() =>
        Assert.Empty(OpenMeteoPlan.Weather(Query("2026-02-04T00:00Z", "2026-02-05T00:00Z"), Live.OpenMeteo, Now));

    [Fact]
    public void The_archive_of_the_sandbox_serves_up_to_the_present_hour()
    {
        var request = Assert.Single(
            OpenMeteoPlan.Weather(Query("2026-01-20T14:00Z", "2026-02-05T14:00Z"), Sandbox.OpenMeteo, Now));

        Assert.Equal("http://127.0.0.1:8090/v1/archive", request.Address.GetLeftPart(UriPartial.Path));
        Assert.Equal("2026-02-03T04:00Z", request.Last.ToString());
    }

    [Fact]
    public void The_document_s_range_is_one_window_in_the_sandbox_and_fits_a_day_of_the_free_limits()
    {
        var farms = Enumerable.Range(1, 8).Select(n => Bodies.Farm($"F{n}", "NEM", -30 - n, 140 + n, $"F{n}U")).ToList();
        var window = NetworkWindow.OfDays(NetworkClock.Nem, new(2024, 1, 1), new(2025, 12, 22));
        var query = HourlyQuery.Covering(farms, window);

        var sandbox = OpenMeteoPlan.Weather(query, Sandbox.OpenMeteo, Now);
        var live = OpenMeteoPlan.Weather(query, Live.OpenMeteo, Now);

        // 723 UTC days × 24 × 21 = 364 392 values a farm: four farms stay below 1.6 million.
        Assert.Equal([4, 4], sandbox.Select(request => request.Facilities.Count));
        Assert.All(sandbox, request => Assert.Equal(723, request.Days));

        // 2.1 × 723 / 14 = 108.45 for each of eight farms, in however many requests.
        Assert.Equal(8 * 108.45, live.Sum(request => request.Cost), 1e-9);
        Assert.All(live, request => Assert.InRange(request.Cost, 1, 200));
    }

    [Fact]
    public void Pieces_cover_every_hour_of_every_farm_once()
    {
        var limits = Live.OpenMeteo with { MaxWeightPerRequest = 10, MaxDaysPerRequest = 20, MaxLocationsPerRequest = 3 };
        var farms = Enumerable.Range(1, 7).Select(n => Bodies.Farm($"F{n}", "NEM", -30 - n, 140 + n, $"F{n}U")).ToList();
        var query = new HourlyQuery(farms, Hour("2025-01-01T05:00Z"), Hour("2025-03-01T17:00Z"));

        var plan = OpenMeteoPlan.AirQuality(query, limits, Now);

        var hours = plan
            .SelectMany(request => request.Facilities, (request, farm) => (request, farm.Code))
            .SelectMany(pair => Enumerable.Range(0, pair.request.Last - pair.request.First + 1)
                .Select(hour => (pair.Code, pair.request.First.AddHours(hour))))
            .ToList();
        Assert.Equal(7 * (query.Last - query.First + 1), hours.Count);
        Assert.Equal(hours.Count, hours.Distinct().Count());
        Assert.All(plan, request => Assert.True(request.Days <= 20 && request.Facilities.Count <= 3 && request.Cost <= 10));
    }

    [Fact]
    public void Impossible_queries_are_refused_by_name()
    {
        var nowhere = Bodies.Farm("GOESF1", "NEM", null, null, "GOESF1");
        var window = NetworkWindow.OfDays(NetworkClock.Nem, new(2025, 1, 1), new(2025, 1, 1));

        Assert.Contains("GOESF1", Refused(() => HourlyQuery.Covering([nowhere], window)), StringComparison.Ordinal);
        Assert.Contains("MERSOLAR belongs to WEM", Refused(() => new EnergyQuery([Bodies.Merredin], window)), StringComparison.Ordinal);
        Assert.Contains(
            "no solar unit", Refused(() => new EnergyQuery([Bodies.Avonlie with { SolarUnitCodes = [] }], window)), StringComparison.Ordinal);
        Assert.Contains(
            "AVLSF1 is claimed by AVLSF and COPY",
            Refused(() => new EnergyQuery([Bodies.Avonlie, Bodies.Avonlie with { Code = "COPY" }], window)),
            StringComparison.Ordinal);
        Assert.Contains("ftp://x/", Refused(() => SourceOptions.Sandbox(new("ftp://x/"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:8090")]
    [InlineData("http://localhost:8090/")]
    public void Any_base_address_serves_all_the_apis(string address)
    {
        var options = SourceOptions.Sandbox(new(address));

        Assert.Equal("http://localhost:8090/v4/", options.OpenElectricity.BaseAddress.AbsoluteUri);
        Assert.Equal("http://localhost:8090/v1/air-quality", options.OpenMeteo.AirQualityAddress.AbsoluteUri);
    }

    [Fact]
    public void Variables_carry_the_convention_of_their_stamp_in_their_type()
    {
        var row = new HourlyRow
        {
            Facility = Bodies.Avonlie,
            Stamp = Hour("2026-01-01T03:00Z"),
            Date = "2026-01-01T03:00",
            Values = [.. Enumerable.Range(0, 21).Select(index => (double?)index)],
        };

        // Radiation stamped 03:00 is the mean of 02:00 to 03:00; temperature is that of 03:00.
        Assert.Equal(
            new HourStarting<double?>(Hour("2026-01-01T02:00Z"), 0), WeatherVariables.ShortwaveRadiation.In(row).ToHourStarting());
        Assert.Equal(new AtInstant<double?>(Hour("2026-01-01T03:00Z"), 5), WeatherVariables.Temperature.In(row));
        Assert.True(WeatherVariables.Precipitation.IsSum);
        Assert.Equal(Enumerable.Range(0, 21), WeatherVariables.All.Select(variable => variable.Index));
        Assert.Equal(Enumerable.Range(0, 9), AirQualityVariables.All.Select(variable => variable.Index));
    }

    private static string Refused(Func<object> act) => Assert.ThrowsAny<ArgumentException>(act).Message;

    private static HourlyQuery Query(string first, string last) => new([Bodies.Avonlie], Hour(first), Hour(last));

    private static UtcHour Hour(string text) =>
        UtcHour.StartingAt(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture));
}
