using System.Globalization;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Iceberg;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>Models and references of one class of forecasts, side by side on the same hours, the best first.</summary>
/// <param name="Horizon">The class.</param>
/// <param name="Weather">The weather that the forecasts were made with.</param>
/// <param name="TestFrom">Start of the first hour.</param>
/// <param name="TestTo">End of the last hour.</param>
/// <param name="Rows">The forecasts, the lowest error first.</param>
public sealed record Scoreboard(Horizon Horizon, WeatherKind Weather, DateTimeOffset TestFrom, DateTimeOffset TestTo, IReadOnlyList<ScoreboardRow> Rows)
{
    /// <summary>What the board says, in a sentence.</summary>
    public string Verdict
    {
        get
        {
            var best = Rows.FirstOrDefault(row => !row.IsReference);
            var kind = Weather == WeatherKind.Hindcast ? "Perfect prog (weather as it turned out to be, no forecast accuracy): " : "";
            return best switch
            {
                null => $"{kind}{Horizon}: no model yet.",
                { SkillLow: > 0 } => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{kind}{Horizon}: {best.Model} beats the reference by {best.Skill:P1} (95 % between {best.SkillLow:P1} and {best.SkillHigh:P1})."),
                _ => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{kind}{Horizon}: NO MODEL BEATS THE REFERENCE beyond chance; the best, {best.Model}, has a skill of {best.Skill:P1} (95 % between {best.SkillLow:P1} and {best.SkillHigh:P1})."),
            };
        }
    }

    /// <summary>The newest board of each class and kind of weather that was scored.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="subset">Which hours; see <see cref="ScoreSubset"/>.</param>
    /// <param name="groupedBy">What groups them, and the group.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ForecastingException">Nothing was scored yet.</exception>
    public static async Task<IReadOnlyList<Scoreboard>> ReadAsync(
        Lake lake, string subset, (string By, string Value) groupedBy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lake);
        try
        {
            await lake.Catalog.LoadTableAsync(ScoreTable.Contract.Identifier, cancellationToken);
        }
        catch (NoSuchTableException)
        {
            throw new ForecastingException($"{ScoreTable.Contract} was not made yet: run 'pvlake ml train' first.");
        }

        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        // Boards compare equal hours: those of the newest evaluation. Of several evaluations of a model, or of a reference, the newest counts.
        var result = await session.QueryAsync(
            $"""
            WITH asked AS (SELECT * FROM {ScoreTable.Contract.SqlName} WHERE subset = $subset AND grouped_by = $by AND group_value = $value),
            newest AS (SELECT horizon, weather, arg_max((test_from, test_to, hours), scored_at) AS test FROM asked GROUP BY horizon, weather)
            SELECT a.horizon, a.weather, a.test_from, a.test_to, a.model, a.is_reference, a.run_id, a.hours, a.nmae, a.nrmse, a.nmbe, a.r_squared, a.rmse_mwh,
              a.mae_mwh, a.skill, a.skill_low, a.skill_high, a.pinball, a.crps, a.coverage
            FROM asked a
            JOIN newest n ON n.horizon = a.horizon AND n.weather = a.weather AND n.test = (a.test_from, a.test_to, a.hours)
            QUALIFY row_number() OVER (PARTITION BY a.horizon, a.weather, a.model, CASE WHEN a.is_reference THEN '' ELSE a.run_id END ORDER BY a.scored_at DESC) = 1
            ORDER BY a.horizon, a.weather, a.nrmse, a.model
            """,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["subset"] = subset, ["by"] = groupedBy.By, ["value"] = groupedBy.Value },
            cancellationToken);
        var rows = await result.ToListAsync(cancellationToken);
        return
        [
            .. from row in rows
               group row by ((string)row[0]!, (string)row[1]!, Instants.From(row[2]), Instants.From(row[3])) into board
               let kind = board.Key.Item2 == FeatureTable.Weather(WeatherKind.Hindcast) ? WeatherKind.Hindcast : WeatherKind.Forecast
               let horizon = Horizon.Of(board.Key.Item1)
               orderby kind, Horizon.All.ToList().IndexOf(horizon)
               select new Scoreboard(horizon, kind, board.Key.Item3, board.Key.Item4, [.. board.Select(Row)]),
        ];
    }

    private static ScoreboardRow Row(object?[] row) => new((string)row[4]!, (bool)row[5]!, (string)row[6]!)
    {
        Hours = (long)row[7]!,
        NormalisedMae = (double)row[8]!,
        NormalisedRmse = (double)row[9]!,
        NormalisedMbe = (double)row[10]!,
        RSquared = (double?)row[11],
        RmseMwh = (double)row[12]!,
        MaeMwh = (double)row[13]!,
        Skill = (double?)row[14],
        SkillLow = (double?)row[15],
        SkillHigh = (double?)row[16],
        Pinball = (double?)row[17],
        Crps = (double?)row[18],
        Coverage = (double?)row[19],
    };
}

/// <summary>One forecast on a board.</summary>
/// <param name="Model">Name of the learner or reference.</param>
/// <param name="IsReference">Whether it needs no model.</param>
/// <param name="RunId">The run that scored it.</param>
public sealed record ScoreboardRow(string Model, bool IsReference, string RunId)
{
    /// <summary>Forecasts that were scored.</summary>
    public required long Hours { get; init; }

    /// <summary>Mean absolute error as a share of AC capacity.</summary>
    public required double NormalisedMae { get; init; }

    /// <summary>Root mean square error as a share of AC capacity.</summary>
    public required double NormalisedRmse { get; init; }

    /// <summary>Mean error as a share of AC capacity.</summary>
    public required double NormalisedMbe { get; init; }

    /// <summary>Share of the variance that is explained.</summary>
    public required double? RSquared { get; init; }

    /// <summary>Root mean square error [MWh].</summary>
    public required double RmseMwh { get; init; }

    /// <summary>Mean absolute error [MWh].</summary>
    public required double MaeMwh { get; init; }

    /// <summary>Skill against the convex combination; null of that reference itself.</summary>
    public required double? Skill { get; init; }

    /// <summary>Lower end of its 95 % interval.</summary>
    public required double? SkillLow { get; init; }

    /// <summary>Upper end of its 95 % interval.</summary>
    public required double? SkillHigh { get; init; }

    /// <summary>Mean quantile loss as a share of AC capacity; null without quantiles.</summary>
    public required double? Pinball { get; init; }

    /// <summary>Continuous ranked probability score as a share of AC capacity; null without quantiles.</summary>
    public required double? Crps { get; init; }

    /// <summary>Share of hours between the 10 % and 90 % quantiles; null without quantiles.</summary>
    public required double? Coverage { get; init; }
}
