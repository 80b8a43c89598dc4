using PvLakehouse.Pipeline.Sources;

namespace PvLakehouse.Pipeline.Planning;

/// <summary>What loading one dataset takes.</summary>
/// <param name="Dataset">A name of bronze.</param>
/// <param name="Provider">OpenElectricity or Open-Meteo.</param>
/// <param name="Requests">Requests, without those that an interrupted load has made already and without repetitions after faults.</param>
/// <param name="Cost">Credits of OpenElectricity, call weights of Open-Meteo.</param>
/// <param name="Rows">Rows that the answers hold at most.</param>
public sealed record PlannedLoad(string Dataset, string Provider, int Requests, double Cost, long Rows)
{
    /// <summary>Estimated time of the requests.</summary>
    public required TimeSpan Duration { get; init; }
}

/// <summary>What a run takes before it begins.</summary>
/// <param name="Loads">The datasets, in the order of the run.</param>
/// <param name="Budgets">All requests of each provider against its limits.</param>
/// <param name="Assumed">Farms that the lake does not know yet, which are counted as one unit of the NEM with a location.</param>
public sealed record LoadPlan(IReadOnlyList<PlannedLoad> Loads, IReadOnlyList<BudgetForecast> Budgets, IReadOnlyList<string> Assumed);
