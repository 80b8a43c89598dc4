using System.Globalization;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Training;

/// <summary>A training as the parameters of its run, from which it can be repeated to the last digit.</summary>
public static class RunRecord
{
    /// <summary>Parameter: the class of forecasts.</summary>
    public const string Horizon = "horizon";

    /// <summary>Parameter: the learner's name.</summary>
    public const string Learner = "learner";

    /// <summary>Parameter: the weather, forecast or hindcast.</summary>
    public const string Weather = "weather";

    /// <summary>Parameter: name of the feature set.</summary>
    public const string FeatureSet = "feature_set";

    /// <summary>Parameter: the snapshot of ml.forecast_features that is learned from.</summary>
    public const string FeaturesSnapshot = "features_snapshot";

    /// <summary>Parameter: where training ends and validation begins, ISO 8601.</summary>
    public const string ValidationFrom = "validation_from";

    /// <summary>Parameter: where validation ends and the test begins, ISO 8601.</summary>
    public const string TestFrom = "test_from";

    private const string Seed = "seed";
    private const string GapHours = "gap_hours";
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>The parameters of a training.</summary>
    public static IReadOnlyDictionary<string, string> Of(
        Horizon horizon, LearnerSettings settings, FeatureSnapshot features, TimeSplit split)
    {
        ArgumentNullException.ThrowIfNull(horizon);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(split);
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Horizon] = horizon.Name,
            [Learner] = settings.Learner,
            [Seed] = Text(settings.Seed),
            [Weather] = FeatureTable.Weather(features.Weather),
            [FeatureSet] = features.Set,
            [FeaturesSnapshot] = Text(features.SnapshotId),
            [ValidationFrom] = Text(split.ValidationFrom),
            [TestFrom] = Text(split.TestFrom),
            [GapHours] = Text(split.Gap.TotalHours),
        };
        foreach (var (name, value) in ParametersOf(settings))
        {
            parameters.Add(name, value);
        }

        return parameters;
    }

    /// <summary>A learner's own parameters, with its name before theirs.</summary>
    internal static Dictionary<string, string> ParametersOf(LearnerSettings settings) =>
        settings.Parameters.ToDictionary(
            parameter => Prefix(settings.Learner) + parameter.Key, parameter => parameter.Value, StringComparer.Ordinal);

    /// <summary>The training that a run recorded.</summary>
    /// <exception cref="ForecastingException">The run is no training of ours.</exception>
    public static TrainingRequest Read(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var learner = Value(Learner);
        return new()
        {
            Horizon = Features.Horizon.Of(Value(Horizon)),
            Learner = new()
            {
                Learner = learner,
                Seed = Parsed(Seed, int.Parse),
                Parameters = run.Data.Params.Where(parameter => parameter.Key.StartsWith(Prefix(learner), StringComparison.Ordinal))
                    .ToDictionary(parameter => parameter.Key[Prefix(learner).Length..], parameter => parameter.Value, StringComparer.Ordinal),
            },
            FeatureSnapshot = Parsed(FeaturesSnapshot, long.Parse),
            Split = new(
                Parsed(ValidationFrom, DateTimeOffset.Parse), Parsed(TestFrom, DateTimeOffset.Parse),
                TimeSpan.FromHours(Parsed(GapHours, double.Parse))),
        };

        string Value(string name) => run.Data.Params.TryGetValue(name, out var value)
            ? value
            : throw new ForecastingException($"Run {run.Info.RunId} has no parameter '{name}', so it is no training that can be repeated.");

        T Parsed<T>(string name, Func<string, IFormatProvider, T> parse)
        {
            try
            {
                return parse(Value(name), CultureInfo.InvariantCulture);
            }
            catch (FormatException fault)
            {
                throw new ForecastingException($"The parameter '{name}' of run {run.Info.RunId} is '{Value(name)}', which cannot be read.", fault);
            }
        }
    }

    private static string Prefix(string learner) => $"{learner}.";

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture);

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
