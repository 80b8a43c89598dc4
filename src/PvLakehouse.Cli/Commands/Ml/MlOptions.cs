using System.CommandLine;
using PvLakehouse.Forecasting;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Scoring;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary>Options that several commands of <c>pvlake ml</c> share.</summary>
internal static class MlOptions
{
    public static Option<string?> FeatureSet { get; } = new("--feature-set")
    {
        Description = "A feature set of your own (JSON); by default the catalogue that 'pvlake ml features --list' shows.",
        HelpName = "FILE",
    };

    public static Option<WeatherKind> Weather { get; } = new("--weather")
    {
        Description = "forecast: weather as it was known at the issue; hindcast: as it turned out to be, a perfect prog that no forecast could know.",
        DefaultValueFactory = _ => WeatherKind.Forecast,
    };

    public static Option<string?> Tracking { get; } = new("--tracking")
    {
        Description = "Address of an MLflow server (http://host:port) that keeps runs and models; by default MLFLOW_TRACKING_URI, else the lake itself.",
        HelpName = "URL",
    };

    public static Option<string[]> Learners { get; } = LearnerOption();

    public static Option<int> Seed { get; } = new("--seed") { Description = "Seed of all draws.", DefaultValueFactory = _ => 42 };

    /// <summary>Where a command line keeps runs and models.</summary>
    /// <exception cref="TrackingException">It is no address of a server.</exception>
    public static TrackingAddress TrackingOf(ParseResult line) => TrackingAddress.Resolve(line.GetValue(Tracking), Environment.GetEnvironmentVariable);

    public static Option<string[]> Horizons { get; } = HorizonOption();

    public static Option<string> OneHorizon { get; } = OneHorizonOption();

    /// <summary>The feature set of a command line.</summary>
    public static async Task<FeatureSet> FeatureSetAsync(ParseResult line, CancellationToken cancellationToken) =>
        line.GetValue(FeatureSet) is { } file ? await FeatureSetFile.ReadAsync(file, cancellationToken) : FeatureCatalogue.Default;

    /// <summary>What a command line asks features for; days of a window are those of the NEM.</summary>
    public static FeatureRequest Request(ParseResult line) => new()
    {
        From = CommonOptions.Window(line) is { } window ? NetworkClock.Nem.StartOf(window.First) : null,
        To = CommonOptions.Window(line) is { } days ? NetworkClock.Nem.StartOf(days.Last.AddDays(1)) : null,
        Horizons = HorizonsOf(line),
        Weather = line.GetValue(Weather),
        Facilities = line.GetValue(CommonOptions.Facilities) is { Count: > 0 } codes ? codes : null,
    };

    /// <summary>The classes of forecasts of a command line; all when it names none.</summary>
    public static IReadOnlyList<Horizon> HorizonsOf(ParseResult line) => line.GetValue(Horizons) is { Length: > 0 } names
        ? [.. Horizon.All.Where(horizon => names.Contains(horizon.Name, StringComparer.Ordinal))]
        : Horizon.All;

    /// <summary>The classes of forecasts of a command line; those that have a champion when it names none.</summary>
    /// <exception cref="ForecastingException">It names none, and no class has a champion.</exception>
    public static async Task<IReadOnlyList<Horizon>> WithChampionAsync(
        ParseResult line, TrackingServices services, CancellationToken cancellationToken)
    {
        if (line.GetValue(Horizons) is { Length: > 0 })
        {
            return HorizonsOf(line);
        }

        var found = new List<Horizon>();
        foreach (var horizon in Horizon.All)
        {
            if (await ForecastIssuer.ChampionAsync(services.Registry, horizon, cancellationToken) is not null)
            {
                found.Add(horizon);
            }
        }

        return found.Count > 0 ? found : throw new ForecastingException("No model has a champion yet: train one with 'pvlake ml train'.");
    }

    private static Option<string[]> HorizonOption()
    {
        var option = new Option<string[]>("--horizon")
        {
            Description = "Classes of forecasts; all when left out.",
            HelpName = string.Join("|", Horizon.All.Select(horizon => horizon.Name)),
            AllowMultipleArgumentsPerToken = true,
        };
        option.AcceptOnlyFromAmong([.. Horizon.All.Select(horizon => horizon.Name)]);
        return option;
    }

    private static Option<string> OneHorizonOption()
    {
        var option = new Option<string>("--horizon") { Description = "The class of forecasts.", HelpName = Horizons.HelpName, Required = true };
        option.AcceptOnlyFromAmong([.. Horizon.All.Select(horizon => horizon.Name)]);
        return option;
    }

    private static Option<string[]> LearnerOption()
    {
        var option = new Option<string[]>("--learner")
        {
            Description = "The learners; by default the first.",
            HelpName = string.Join("|", LearnerCatalogue.All.Select(kind => kind.Name)),
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [LearnerCatalogue.All[0].Name],
        };
        option.AcceptOnlyFromAmong([.. LearnerCatalogue.All.Select(kind => kind.Name)]);
        return option;
    }
}
