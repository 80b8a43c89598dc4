using Microsoft.AspNetCore.Http;
using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Plans;

namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary>Checks the parameters of <c>/v4/data/facilities/{network}</c> in the order of the server.</summary>
internal sealed class SeriesRequestReader(ISandboxData data, PlanLimits limits, TimeProvider clock)
{
    private const int MostCodes = 30;

    /// <summary>Null when the shape of a parameter is wrong: the reasons are in <paramref name="errors"/>.</summary>
    /// <exception cref="OpenElectricityError">The shape is right, but the server would refuse the values.</exception>
    public SeriesRequest? Read(string networkCode, IQueryCollection query, ValidationErrors errors)
    {
        var reader = new QueryReader(query, errors);
        var names = reader.Choices("metrics", [.. SeriesMetric.All.Select(metric => metric.Name)]);
        if (names.Count == 0)
        {
            errors.Missing("metrics");
        }

        var intervalName = reader.Choice("interval", SeriesIntervals.Names) ?? "5m";
        var facilityCodes = reader.Texts("facility_code", MostCodes);
        var unitCodes = reader.Texts("unit_code", MostCodes);
        var from = reader.Date("date_start", out var startIsNaive);
        var to = reader.Date("date_end", out var endIsNaive);
        if (!errors.None)
        {
            return null;
        }

        var network = Network.Of(networkCode);
        SeriesMetric[] metrics = [.. names.Select(name => Array.Find(SeriesMetric.All, metric => metric.Name == name)!)];
        if (Array.FindAll(metrics, metric => metric.Unit is null) is { Length: > 0 } unsupported)
        {
            throw OpenElectricityError.BadRequest($"Unsupported metrics: {string.Join(", ", unsupported.Select(metric => metric.Name))}");
        }

        Require(startIsNaive, "Date start must be timezone naive and in network time");
        Require(endIsNaive, "Date end must be timezone naive and in network time");
        Require(IsPlausible(from) && IsPlausible(to), "Invalid date range");
        var interval = (SeriesInterval)Array.IndexOf(SeriesIntervals.Names, intervalName);
        var now = network.Local(clock.GetUtcNow());
        var end = to ?? SeriesInterval.FiveMinutes.LabelOf(now);
        var start = from ?? end.AddDays(-PlanLimits.CommunityDays(interval) / 2.0);
        var most = limits.MaximumDays(interval);
        Require((end - start).Days <= most, $"Date range too large for {intervalName} interval. Maximum range is {most} days.");
        Require(
            limits.HistoryDays is not { } history || start >= now.AddDays(-history),
            $"Date start is too far in the past. Your plan allows data from the last {limits.HistoryDays} days.");
        return new(network, interval, start, end)
        {
            Metrics = metrics,
            FacilityCodes = facilityCodes,
            IsMerged = unitCodes.Count > 0 && facilityCodes.Count == 0,
            Units =
            [
                .. from facility in data.Facilities
                   where network.Has(facility) && facility.HasIntervalData
                   where facilityCodes.Count == 0 || facilityCodes.Contains(facility.Code)
                   from unit in facility.Units
                   where unitCodes.Count == 0 || unitCodes.Contains(unit.Code)
                   select (facility, unit),
            ],
        };
    }

    /// <summary>Keeps calendar arithmetic away from the ends of the calendar.</summary>
    private static bool IsPlausible(DateTime? date) => date is not { Year: < 1900 or > 2200 };

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw OpenElectricityError.BadRequest(message);
        }
    }
}
