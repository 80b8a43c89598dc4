using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.Http;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Planning;

/// <summary>Says what a load will ask, by the very decisions that the load itself makes; asks and writes nothing.</summary>
/// <param name="lake">The lake; null for one that does not exist yet.</param>
/// <param name="clock">Says what time it is.</param>
/// <param name="energy">The energy source.</param>
/// <param name="weather">The weather source.</param>
public sealed class LoadPlanner(Lake? lake, TimeProvider clock, OpenElectricityClient energy, OpenMeteoClient weather)
{
    /// <summary>The plan of some datasets.</summary>
    /// <param name="datasets">Names of <see cref="Datasets.Of"/> bronze.</param>
    /// <param name="request">What is to be brought.</param>
    /// <param name="cancellationToken">Stops the reading of the lake.</param>
    /// <exception cref="PipelineException">A dataset is unknown.</exception>
    public async Task<LoadPlan> PlanAsync(
        IReadOnlyList<string> datasets, IngestRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        ArgumentNullException.ThrowIfNull(request);
        var (codes, register) = await RegisterAsync(request, cancellationToken);
        var known = lake is null ? [] : await KnownFacility.AllAsync(lake, cancellationToken);
        var farms = codes.Select(code => known.FirstOrDefault(farm => farm.Code == code) ?? Assumed(code)).ToArray();
        var loads = new List<PlannedLoad>();
        foreach (var dataset in datasets)
        {
            loads.Add(dataset switch
            {
                "facilities" => await LoadAsync(
                    dataset, energy.Budget, register, register.Sum(query => query.Codes.Count), energy.Archive, cancellationToken),
                "facility_timeseries" => await SeriesAsync(
                    dataset, new EnergySource(energy, request.Interval), energy.Budget, request, farms, cancellationToken),
                "facility_weather" => await SeriesAsync(dataset, HourlySource.Weather(weather), weather.Budget, request, farms,
                    cancellationToken),
                "facility_air_quality" =>
                    await SeriesAsync(dataset, HourlySource.AirQuality(weather), weather.Budget, request, farms, cancellationToken),
                "weather_forecast" =>
                    await SeriesAsync(dataset, HourlySource.Forecast(weather), weather.Budget, request, farms, cancellationToken),
                _ => throw LakeModels.Unknown(dataset, "bronze"),
            });
        }

        var budgets =
            from load in loads
            group load by load.Provider into provider
            let budget = provider.Key == energy.Budget.Provider ? energy.Budget : weather.Budget
            select budget.Forecast(provider.Sum(load => load.Requests), provider.Sum(load => load.Cost));
        return new(loads, [.. budgets], [.. codes.Except(known.Select(farm => farm.Code), StringComparer.Ordinal)]);
    }

    private static KnownFacility Assumed(string code) => new(
        new() { Code = code, NetworkId = NetworkClock.Nem.NetworkId, Latitude = 0, Longitude = 0, SolarUnitCodes = [code + "1"] },
        Name: null, Region: null);

    /// <summary>The farms of the load, and the requests for those to be looked up.</summary>
    private async Task<(IReadOnlyList<string> Codes, IReadOnlyList<FacilitiesRequest> Requests)> RegisterAsync(
        IngestRequest request, CancellationToken cancellationToken)
    {
        var table = lake is null ? null : await lake.Tables.FindAsync(RawFacilities.Contract, cancellationToken);
        var coverage = table is null ? Coverage.Empty : SeriesState.Of(table).Coverage;
        var codes = FacilitiesLoader.Codes(request, coverage);
        var wanted = FacilitiesLoader.Wanted(request, coverage, codes, NetworkClock.Nem.DayOf(clock.GetUtcNow()));
        return (codes, wanted.Count == 0 ? [] : energy.Plan(FacilityQuery.ByCode(wanted)));
    }

    private async Task<PlannedLoad> SeriesAsync(
        string dataset, ISeriesSource source, RequestBudget budget, IngestRequest request, IReadOnlyList<KnownFacility> farms,
        CancellationToken cancellationToken)
    {
        var table = lake is null ? null : await lake.Tables.FindAsync(source.Series.Contract, cancellationToken);
        var state = table is null ? SeriesState.Empty : SeriesState.Of(table);
        var days = new SeriesDays(request, source, state, clock.GetUtcNow());
        var slices = days.Slices([.. farms.Where(source.CanAsk)], source.RowsPerDay);
        return await LoadAsync(
            dataset, budget, [.. slices.SelectMany(slice => source.Plan(slice.Farms, slice.Clock, slice.Days))],
            slices.Sum(slice => source.RowsOf(slice.Farms) * slice.Days.Days), source.Archive, cancellationToken);
    }

    private async Task<PlannedLoad> LoadAsync(
        string dataset, RequestBudget budget, IReadOnlyList<PlannedRequest> requests, long rows, IBodyArchive archive,
        CancellationToken cancellationToken)
    {
        var earlier = await EarlierAnswers.LookAsync(archive, Datasets.TableOf(dataset).Name, clock, cancellationToken);
        var toAsk = requests.Where(request => !earlier.Has(request)).ToArray();
        var cost = toAsk.Sum(request => request.Cost);
        return new(dataset, budget.Provider, toAsk.Length, cost, rows) { Duration = budget.Forecast(toAsk.Length, cost).Duration };
    }
}
