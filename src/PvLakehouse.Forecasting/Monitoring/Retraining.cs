using System.Globalization;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Scoring;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Training;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>
/// Trains a challenger when the champion fails its checks, and makes it champion when it wins on hours that neither has learned from.
/// </summary>
/// <remarks>
/// Whatever is interrupted, a second call completes it. A challenger gets its alias once it is trained; the alias on a version that says
/// nothing of a decision is what a later call goes on with. The decision is written before it is carried out, and the version says last
/// that it was, so what was decided once is carried out as it was decided.
/// </remarks>
/// <param name="lake">The lake.</param>
/// <param name="services">Tracking and registry.</param>
/// <param name="thresholds">From when on a check fails, and the fewest days of a comparison.</param>
public sealed class Retraining(Lake lake, TrackingServices services, MonitorThresholds thresholds)
{
    /// <summary>Tag of a version that was challenger: <c>promoted</c> or <c>not promoted</c>.</summary>
    public const string DecisionTag = "pvlake.retrain.decision";

    /// <summary>Tag of a version that was challenger: why.</summary>
    public const string ReasonTag = "pvlake.retrain.reason";

    // What drifted is in the newest days, so few of them are kept from learning: four weeks decide, four weeks judge.
    private const int MostDays = 28;

    /// <summary>Monitors, trains, compares and promotes, each as far as it is needed.</summary>
    /// <param name="request">What is to be trained, and when.</param>
    /// <param name="say">Told, in a sentence each, what is being done; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work; a second call completes it.</param>
    /// <returns>The decision; null when nothing fails and nobody insists.</returns>
    /// <exception cref="ForecastingException">There is no champion, or there are too few hours to monitor it, to train or to
    /// compare.</exception>
    /// <exception cref="TrackingException">Tracking or the registry failed.</exception>
    public async Task<RetrainDecision?> RunAsync(RetrainRequest request, Action<string>? say, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var challenger = await UndecidedAsync(request.Horizon, cancellationToken);
        if (challenger is not null)
        {
            say?.Invoke(
                $"{challenger.Name} version {challenger.Version} was trained as challenger and is not decided on yet; going on with it.");
        }
        else if (await CauseAsync(request, say, cancellationToken) is { } cause)
        {
            challenger = await TrainAsync(request, cause, say, cancellationToken);
        }
        else
        {
            return null;
        }

        say?.Invoke("Comparing it with the champion.");
        var decision = await DecideAsync(challenger, request.Horizon, cancellationToken);
        await CarryOutAsync(decision, cancellationToken);
        return decision;
    }

    private async Task<ModelVersion?> UndecidedAsync(Horizon horizon, CancellationToken cancellationToken)
    {
        var champion = await RegisteredForecast.FindChampionAsync(services.Registry, horizon, cancellationToken);
        var challenger = await services.Registry.FindByAliasAsync(champion.Name, ModelAlias.Challenger, cancellationToken);
        if (challenger?.RunId is not { } run || challenger.Tags.ContainsKey(DecisionTag))
        {
            return null;
        }

        // Somebody may have made it champion by hand; then there is nothing to decide any more.
        return champion.Version != challenger.Version || await DecisionTable.FindAsync(lake, run, cancellationToken) is not null
            ? challenger
            : null;
    }

    private async Task<string?> CauseAsync(RetrainRequest request, Action<string>? say, CancellationToken cancellationToken)
    {
        try
        {
            var report = await new ModelMonitor(lake, services, thresholds).RunAsync(request.Horizon, request.Days, cancellationToken);
            say?.Invoke(report.Verdict);
            return report.HasFailed ? report.Cause : request.Force ? "Asked for; no check fails." : null;
        }
        catch (ForecastingException fault) when (request.Force)
        {
            say?.Invoke(fault.Message);
            return "Asked for; the champion could not be checked.";
        }
    }

    private async Task<ModelVersion> TrainAsync(
        RetrainRequest request, string cause, Action<string>? say, CancellationToken cancellationToken)
    {
        var features = await FeatureSnapshot.FindAsync(lake, snapshotId: null, cancellationToken);
        var (training, champion) = await PlanAsync(request, features, cancellationToken);
        var outcome = await new TrainingRun(lake, services).RunAsync(training, say, cancellationToken);
        return await services.Registry.PromoteAsync(
            outcome.Version.Name, outcome.Version.Version, ModelAlias.Challenger,
            $"Trained to challenge version {champion}. {cause}", cancellationToken);
    }

    /// <summary>The training, once it is sure that its model can be compared with the champion, and the champion's number.</summary>
    private async Task<(TrainingRequest Training, int Champion)> PlanAsync(
        RetrainRequest request, FeatureSnapshot features, CancellationToken cancellationToken)
    {
        using var champion = await RegisteredForecast.ChampionAsync(services, request.Horizon, cancellationToken);
        var rows = await champion.RowsAsync(lake, features, cancellationToken);
        var split = TimeSplit.Newest([.. rows.Hours.Where(hour => hour.TargetShare is not null)], MostDays);
        var days = InputBaseline.DaysOf(rows.Where(hour => IsComparable(hour, split, champion.Record.Split!)));
        if (days < thresholds.FewestDays)
        {
            throw new ForecastingException(TooFew(days, champion.Version.Version));
        }

        var known = champion.Record.Learner;
        var learner = request.Learner is null || request.Learner == known.Learner
            ? known with { Parameters = Merged(known.Parameters, request.Parameters) }
            : new LearnerSettings { Learner = request.Learner, Parameters = request.Parameters, Seed = known.Seed };
        return (
            new() { Horizon = request.Horizon, Learner = learner, FeatureSnapshot = features.SnapshotId, Split = split },
            champion.Version.Version);
    }

    private async Task<RetrainDecision> DecideAsync(ModelVersion version, Horizon horizon, CancellationToken cancellationToken)
    {
        using var champion = await RegisteredForecast.ChampionAsync(services, horizon, cancellationToken);
        var number = champion.Version.Version;
        if (await DecisionTable.FindAsync(lake, version.RunId!, cancellationToken) is { } decided
            && (decided.ChampionVersion == number || version.Version == number))
        {
            return decided;
        }

        using var challenger = await RegisteredForecast.LoadAsync(services, version, cancellationToken);
        var features = await FeatureSnapshot.FindAsync(lake, challenger.Record.FeatureSnapshot, cancellationToken);
        var (compared, reason) = Compare(champion, await RowsAsync(champion), challenger, await RowsAsync(challenger));
        var decision = new RetrainDecision(version.Name, number, version.Version)
        {
            ChallengerRun = version.RunId!,
            DecidedAt = Instants.ToMicroseconds(lake.Clock.GetUtcNow()),
            Horizon = horizon,
            Cause = version.Tags.GetValueOrDefault($"pvlake.{ModelAlias.Challenger}.reason") ?? "Not said.",
            Compared = compared,
            Promoted = compared?.IsWon == true,
            Reason = reason,
        };
        await using var workspace = await LakeWorkspace.OpenAsync(lake, cancellationToken);
        await workspace.MergeAsync(DecisionTable.Contract, [DecisionTable.Row(decision)], cancellationToken);
        return decision;

        async Task<ForecastRows> RowsAsync(RegisteredForecast model) =>
            (await model.RowsAsync(lake, features, cancellationToken))
                .Where(hour => IsComparable(hour, challenger.Record.Split!, champion.Record.Split!));
    }

    private (Comparison? Compared, string Reason) Compare(
        RegisteredForecast champion, ForecastRows ofChampion, RegisteredForecast challenger, ForecastRows ofChallenger)
    {
        var number = champion.Version.Version;
        var days = InputBaseline.DaysOf(ofChampion);
        if (days < thresholds.FewestDays)
        {
            return (null, TooFew(days, number));
        }

        var compared = Comparison.Of(HeldOut.Scored(champion, ofChampion), HeldOut.Scored(challenger, ofChallenger));
        return (
            compared,
            compared?.Sentence(number, challenger.Version.Version) ?? $"Version {number} makes no error at all, which nobody can beat.");
    }

    private async Task CarryOutAsync(RetrainDecision decision, CancellationToken cancellationToken)
    {
        var (name, version) = (decision.ModelName, decision.ChallengerVersion);
        if (decision.Promoted)
        {
            await services.Registry.PromoteAsync(name, version, ModelAlias.Champion, decision.Reason, cancellationToken);
        }

        await services.Registry.SetModelVersionTagAsync(name, version, ReasonTag, decision.Reason, cancellationToken);
        await services.Registry.SetModelVersionTagAsync(
            name, version, DecisionTag, decision.Promoted ? "promoted" : "not promoted", cancellationToken);
        if (decision.Promoted)
        {
            await services.Registry.DeleteAliasAsync(name, ModelAlias.Challenger, cancellationToken);
        }

        await new ModelDescriptions(lake, services).WriteAsync(name, cancellationToken);
    }

    private string TooFew(int days, int champion) => string.Create(
        CultureInfo.InvariantCulture,
        $"{days} of the newest days have energy and were seen neither by the challenger nor by version {champion}; "
        + $"expected {thresholds.FewestDays} or more to compare them. Run 'pvlake run' and 'pvlake ml features' when more is known.");

    private static bool IsComparable(ForecastHour hour, TimeSplit challenger, TimeSplit champion) =>
        challenger.IsTest(hour) && champion.IsTest(hour) && HeldOut.IsScored(hour);

    private static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> known, IReadOnlyDictionary<string, string> given)
    {
        var merged = new Dictionary<string, string>(known, StringComparer.Ordinal);
        foreach (var (name, value) in given)
        {
            merged[name] = value;
        }

        return merged;
    }
}
