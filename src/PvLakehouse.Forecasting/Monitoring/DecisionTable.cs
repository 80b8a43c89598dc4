using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Iceberg;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>ml.retrain_decisions: which challengers there were, and what came of them.</summary>
public static class DecisionTable
{
    /// <summary>The table.</summary>
    public static TableContract Contract { get; } = new()
    {
        Layer = "ml",
        Name = "retrain_decisions",
        Grain = "One challenger.",
        Columns =
        [
            ColumnContract.Required("challenger_run_id", "string", "The run that trained the challenger, as tracking knows it."),
            ColumnContract.Required("model_name", "string", "The registered model."),
            ColumnContract.Required("challenger_version", "int", "The version that was to become champion."),
            ColumnContract.Required("champion_version", "int", "The version that was champion until then."),
            ColumnContract.Required("decided_at", "timestamptz", "When it was decided."),
            .. ScoreTable.Contract.Pick("horizon"),
            ColumnContract.Required("cause", "string", "Why a challenger was trained."),
            ColumnContract.Optional(
                "compared_from", "timestamptz", "Start of the first hour on which both were compared; null when there were too few."),
            ColumnContract.Optional("compared_to", "timestamptz", "End of the last one."),
            ColumnContract.Optional("hours", "long", "Daylight forecasts that were compared."),
            ColumnContract.Optional("champion_nrmse", "double", "Root mean square error of the champion over AC capacity.", "1"),
            ColumnContract.Optional("challenger_nrmse", "double", "Root mean square error of the challenger over AC capacity.", "1"),
            ColumnContract.Optional("gain", "double", "1 - error of the challenger / error of the champion.", "1"),
            ColumnContract.Optional(
                "gain_low", "double", "Lower end of its 95 % interval by bootstrap of days; above 0 the challenger wins.", "1"),
            ColumnContract.Optional("gain_high", "double", "Upper end of that interval.", "1"),
            ColumnContract.Required("promoted", "boolean", "Whether the challenger became champion."),
            ColumnContract.Required("reason", "string", "Why, in a sentence."),
        ],
        Key = ["challenger_run_id"],
        SortedBy = ["model_name", "decided_at"],
    };

    /// <summary>The decision on a challenger; null when there is none yet.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="challengerRun">The run that trained the challenger.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    internal static async Task<RetrainDecision?> FindAsync(Lake lake, string challengerRun, CancellationToken cancellationToken)
    {
        try
        {
            await lake.Catalog.LoadTableAsync(Contract.Identifier, cancellationToken);
        }
        catch (NoSuchTableException)
        {
            return null;
        }

        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        var result = await session.QueryAsync(
            $"""
            SELECT {string.Join(", ", Contract.Columns.Select(column => column.Name))} FROM {Contract.SqlName}
            WHERE challenger_run_id = $run
            """,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["run"] = challengerRun },
            cancellationToken);
        return (await result.ToListAsync(cancellationToken)) is [var row] ? Decision(row) : null;
    }

    /// <summary>The row of a decision, in the order of the columns.</summary>
    internal static object?[] Row(RetrainDecision decision) =>
    [
        decision.ChallengerRun, decision.ModelName, decision.ChallengerVersion, decision.ChampionVersion, decision.DecidedAt,
        decision.Horizon.Name, decision.Cause, decision.Compared?.From, decision.Compared?.To, (long?)decision.Compared?.Hours,
        decision.Compared?.ChampionNrmse, decision.Compared?.ChallengerNrmse, decision.Compared?.Gain.Skill, decision.Compared?.Gain.Low,
        decision.Compared?.Gain.High, decision.Promoted, decision.Reason,
    ];

    private static RetrainDecision Decision(object?[] row) => new((string)row[1]!, (int)row[3]!, (int)row[2]!)
    {
        ChallengerRun = (string)row[0]!,
        DecidedAt = Instants.From(row[4]),
        Horizon = Horizon.Of((string)row[5]!),
        Cause = (string)row[6]!,
        Compared = row[7] is null
            ? null
            : new(
                Instants.From(row[7]), Instants.From(row[8]), (int)(long)row[9]!, (double)row[10]!, (double)row[11]!,
                new SkillScore((double)row[12]!, (double)row[13]!, (double)row[14]!)),
        Promoted = (bool)row[15]!,
        Reason = (string)row[16]!,
    };
}
