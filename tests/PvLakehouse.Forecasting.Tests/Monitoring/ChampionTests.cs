using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Tests.Lakes;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Tests.Monitoring;

/// <summary>Tests of champions for the next day: tracking and registry of their own on the common lake.</summary>
public abstract class ChampionTests(SimulatedLake lake) : TrackedTests(lake)
{
    /// <summary>A learner that learns next to nothing: one tree of two leaves, hardly weighed, which says the mean of all hours.</summary>
    protected static (string Name, string Value)[] Hardly { get; } =
        [("num_iterations", "1"), ("num_leaves", "2"), ("learning_rate", "0.001")];

    /// <summary>Trains a version and makes it champion.</summary>
    protected async Task<TrainingOutcome> ChampionAsync(
        string learner, TimeSplit? split = null, params (string Name, string Value)[] parameters)
    {
        var outcome = await TrainAsync(learner, split, parameters);
        await Services.Registry.PromoteAsync(
            outcome.Version.Name, outcome.Version.Version, ModelAlias.Champion, "the first", Token);
        return outcome;
    }

    /// <summary>Trains a version.</summary>
    protected Task<TrainingOutcome> TrainAsync(string learner, TimeSplit? split = null, params (string Name, string Value)[] parameters) =>
        new TrainingRun(Lake, Services).RunAsync(
            new()
            {
                Horizon = Horizon.DayAheadMorning,
                Learner = new()
                {
                    Learner = learner,
                    Parameters = parameters.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal),
                },
                Split = split,
            },
            say: null, Token);
}
