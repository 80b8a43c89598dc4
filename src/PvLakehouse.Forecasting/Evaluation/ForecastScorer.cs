using System.Globalization;
using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>Scores forecasts and the references beside them on the same hours.</summary>
/// <param name="hours">The hours, all with known energy and capacity.</param>
/// <param name="nights">Hours without sun, for which every forecast is 0; they count for "all hours" only.</param>
/// <param name="references">The references, fitted on hours before these.</param>
public sealed class ForecastScorer(IReadOnlyList<ForecastHour> hours, IReadOnlyList<ScoredHour> nights, References references)
{
    private const int Seed = 20_200_901;

    // Reference scores by name, which every model is compared with.
    private readonly Dictionary<string, ScoredHour[]> _references = References.All.ToDictionary(
        name => name, name => hours.Select(hour => Scored(hour, references.Of(name, hour), [])).ToArray(), StringComparer.Ordinal);

    /// <summary>The scores of the references.</summary>
    public IEnumerable<ForecastScore> OfReferences() => References.All.SelectMany(name => Of(name, _references[name]));

    /// <summary>The scores of a model.</summary>
    /// <param name="model">Its name.</param>
    /// <param name="forecasts">Its forecasts of the hours, in their order.</param>
    /// <exception cref="ArgumentException">There are more or fewer forecasts than hours.</exception>
    public IEnumerable<ForecastScore> Of(string model, IReadOnlyList<Forecast> forecasts)
    {
        ArgumentNullException.ThrowIfNull(forecasts);
        return forecasts.Count == hours.Count
            ? Of(model, [.. hours.Zip(forecasts, (hour, forecast) => Scored(hour, forecast.Share, forecast.Quantiles))])
            : throw new ArgumentException($"There are {forecasts.Count} forecasts of {hours.Count} hours.", nameof(forecasts));
    }

    /// <summary>The season of an hour in the southern hemisphere.</summary>
    internal static string Season(DateTimeOffset hour) => hour.UtcDateTime.Month switch
    {
        12 or 1 or 2 => "summer",
        3 or 4 or 5 => "autumn",
        6 or 7 or 8 => "winter",
        _ => "spring",
    };

    /// <summary>The class of a sky: overcast below a clear-sky index of 0.4, clear from 0.85 on.</summary>
    internal static string Sky(double? clearSkyIndex) => clearSkyIndex switch
    {
        null => "unknown",
        < 0.4 => "overcast",
        < 0.85 => "broken",
        _ => "clear",
    };

    /// <summary>An hour with known energy and capacity beside a forecast of it.</summary>
    internal static ScoredHour Scored(ForecastHour hour, double share, IReadOnlyList<double> quantiles)
    {
        var capacity = hour.CapacityMwh!.Value;
        return new(hour.FacilityCode, hour.IssuedAt, hour.DateHour, capacity, hour.TargetMwh!.Value, share * capacity)
        {
            Quantiles = [.. quantiles.Select(value => value * capacity)],
        };
    }

    private static string Lead(ForecastHour hour) => hour.LeadHours <= 6
        ? string.Create(CultureInfo.InvariantCulture, $"{hour.LeadHours} h")
        : string.Create(CultureInfo.InvariantCulture, $"{(hour.LeadHours + 23) / 24} d");

    private IEnumerable<ForecastScore> Of(string model, ScoredHour[] scored)
    {
        var isReference = model == References.Convex;
        int[] daylight = [.. Enumerable.Range(0, hours.Count).Where(row => hours[row].IsDaylight)];
        int[] available = [.. daylight.Where(row => hours[row].IsAvailable)];
        (string Subset, int[] Rows, string By, Func<ForecastHour, string> Key)[] groups =
        [
            (ScoreSubset.Daylight, daylight, "all", _ => "all"),
            (ScoreSubset.Available, available, "all", _ => "all"),
            (ScoreSubset.Daylight, daylight, "lead", Lead),
            (ScoreSubset.Daylight, daylight, "facility", hour => hour.FacilityCode),
            (ScoreSubset.Daylight, daylight, "season", hour => Season(hour.DateHour)),
            (ScoreSubset.Daylight, daylight, "sky", hour => Sky(hour.ClearSkyIndex)),
            (ScoreSubset.Daylight, daylight, "facility and month",
                hour => string.Create(CultureInfo.InvariantCulture, $"{hour.FacilityCode} {hour.DateHour.UtcDateTime:yyyy-MM}")),
        ];
        foreach (var (subset, rows, by, key) in groups)
        {
            foreach (var group in rows.GroupBy(row => key(hours[row]), StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                var own = group.Select(row => scored[row]).ToArray();
                yield return new(model, subset, by, group.Key, PointScores.Of(own))
                {
                    Skill = isReference || by is not ("all" or "lead" or "facility")
                        ? null
                        : SkillScore.Of(own, [.. group.Select(row => _references[References.Convex][row])], Seed),
                    Quantiles = QuantileScores.Of(own),
                };
            }
        }

        if (nights.Count > 0)
        {
            ScoredHour[] all = [.. scored, .. nights];
            yield return new(model, ScoreSubset.AllHours, "all", "all", PointScores.Of(all))
            {
                Quantiles = scored.Length > 0 && scored[0].Quantiles.Count > 0
                    ? QuantileScores.Of(all.Select(hour => hour.Quantiles.Count > 0 ? hour : hour with { Quantiles = [.. QuantileLevels.All.Select(_ => 0.0)] }))
                    : null,
            };
        }
    }
}
