using System.Globalization;
using PvLakehouse.Pipeline.Planning;

namespace PvLakehouse.Cli.Output;

/// <summary>Tells what a run will ask, before it asks.</summary>
internal static class PlanText
{
    /// <summary>The first lines of a run: what each dataset takes, and what would break a limit.</summary>
    public static async Task WriteAsync(LoadPlan plan, TextWriter output)
    {
        foreach (var load in plan.Loads.Where(load => load.Requests > 0))
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Plan: {load.Dataset,-21} {load.Requests,6:N0} {Noun.Of(load.Requests, "request"),-8} {load.Cost,9:N1} "
                + $"{UnitOf(load.Provider, load.Cost),-12} {load.Rows,11:N0} "
                + $"{Noun.Of(load.Rows, "row"),-4}{About(load.Duration)}").TrimEnd());
        }

        if (plan.Loads.All(load => load.Requests == 0))
        {
            await output.WriteLineAsync("Plan: nothing to ask for.");
        }

        foreach (var sentence in Sentences(plan))
        {
            await output.WriteLineAsync(sentence);
        }
    }

    /// <summary>What is to be known beside the figures: limits that would be broken, and farms that are only assumed.</summary>
    public static IEnumerable<string> Sentences(LoadPlan plan)
    {
        foreach (var budget in plan.Budgets.Where(budget => budget.Days > 1))
        {
            var limit = budget.Limits.MaxBy(limit => Math.Max(0, budget.Cost - limit.Left) / limit.Limit)!;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{budget.Provider}: {budget.Cost:N1} {UnitOf(budget.Provider, budget.Cost)}, but of {limit.Limit:N0} per {limit.Period} "
                + $"{limit.Left:N1} are left: "
                + $"this takes {budget.Days} days. A run stops at the limit; the same command goes on when it opens again.");
        }

        if (plan.Assumed.Count > 0)
        {
            yield return $"Not in the lake yet and counted as one unit of the NEM each: {string.Join(", ", plan.Assumed)}.";
        }
    }

    /// <summary>What a provider counts.</summary>
    public static string UnitOf(string provider) => UnitOf(provider, cost: 2);

    /// <summary>What a provider counts, in the singular for what is printed as 1.0.</summary>
    private static string UnitOf(string provider, double cost) =>
        Noun.Of(Math.Round(cost, 1), provider == "OpenElectricity" ? "credit" : "call weight");

    private static string About(TimeSpan duration) => duration == TimeSpan.Zero
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"  about {Math.Max(1, Math.Ceiling(duration.TotalSeconds)):N0} s");
}
