using System.Text;
using System.Text.Json;
using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Calibration;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Registry;

namespace PvLakehouse.Forecasting.Training;

/// <summary>A model of one class of forecasts as the files of an MLflow model: the mean is what Python loads, the rest lies beside it.</summary>
public static class ForecastFiles
{
    /// <summary>The file that holds the feature set, as <see cref="FeatureSetFile"/> reads it.</summary>
    public const string FeatureSetName = "features.json";

    private const string Description = "forecast.json";

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The files of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="created">When it was trained.</param>
    /// <param name="featureSet">The feature set that it needs, as <see cref="FeatureSetFile"/> reads it; null when the build did not keep it.</param>
    public static ModelContent Of(TrainedForecast model, DateTimeOffset created, string? featureSet)
    {
        ArgumentNullException.ThrowIfNull(model);
        var description = new DescriptionJson
        {
            Horizon = model.Horizon.Name,
            Learner = model.Settings.Learner,
            Parameters = new(model.Settings.Parameters, StringComparer.Ordinal),
            Seed = model.Settings.Seed,
            Levels = [.. model.Levels.Select((level, index) => LevelFile(index, level.Format))],
            Residuals = model.Residuals?.ByLead,
            Blend = model.Blend is { } blend ? BlendJson.Of(blend) : null,
            Shifts = new(model.Calibration.Shifts, StringComparer.Ordinal),
        };
        var extras = model.Levels.Select((level, index) => (Path: LevelFile(index, level.Format), Content: level.Save()))
            .Append((Path: Description, Content: JsonSerializer.SerializeToUtf8Bytes(description, Options)));
        if (featureSet is not null)
        {
            extras = extras.Append((Path: FeatureSetName, Content: Encoding.UTF8.GetBytes(featureSet)));
        }

        return new()
        {
            Flavor = FlavorOf(model),
            Data = model.Mean.Save(),
            Signature = new(model.Mean.Features),
            Created = created,
            Extras = extras.ToDictionary(file => file.Path, file => (ReadOnlyMemory<byte>)file.Content, StringComparer.Ordinal),
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["pvlake.horizon"] = model.Horizon.Name, ["pvlake.forecast"] = Description },
        };
    }

    /// <summary>Loads a model.</summary>
    /// <param name="open">Opens a file of the model's folder.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ForecastingException">A file is missing or damaged.</exception>
    public static async Task<TrainedForecast> LoadAsync(Func<string, CancellationToken, Task<Stream>> open, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(open);
        var description = Describe(await ReadAsync(Description));
        var file = MlModelFile.Parse(Encoding.UTF8.GetString(await ReadAsync(MlModelFile.FileName)));
        var flavor = file.Flavor.Kind switch
        {
            ModelFlavorKind.LightGbm => ModelFormat.LightGbm,
            ModelFlavorKind.XgBoost => ModelFormat.Xgboost,
            _ => ModelFormat.Pvlake,
        };
        var models = new List<IForecastModel>();
        try
        {
            models.Add(LearnerCatalogue.Load(flavor, await ReadAsync(file.Flavor.DataFile)));
            foreach (var level in description.Levels)
            {
                models.Add(LearnerCatalogue.Load(flavor, await ReadAsync(level)));
            }

            return new()
            {
                Horizon = Horizon.Of(description.Horizon),
                Settings = new() { Learner = description.Learner, Parameters = description.Parameters, Seed = description.Seed },
                Mean = models[0],
                Levels = models[1..],
                Residuals = description.Residuals is { } residuals ? ResidualQuantiles.Of(residuals) : null,
                Blend = description.Blend?.Read(),
                Calibration = ConformalQuantiles.Of(description.Shifts),
            };
        }
        catch
        {
            models.ForEach(model => model.Dispose());
            throw;
        }

        async Task<byte[]> ReadAsync(string path)
        {
            await using var stream = await open(path, cancellationToken);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, cancellationToken);
            return bytes.ToArray();
        }
    }

    private static DescriptionJson Describe(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<DescriptionJson>(json, Options) ?? throw new ForecastingException($"The model's file {Description} says null.");
        }
        catch (JsonException e)
        {
            throw new ForecastingException(
                $"The model's file {Description} cannot be read: it is damaged, or of another version of pvlake; train the model again. {e.Message}", e);
        }
    }

    private static string LevelFile(int index, ModelFormat format) =>
        $"quantile_{QuantileLevels.All[index] * 100:00}{Path.GetExtension(format.FileName)}";

    private static ModelFlavor FlavorOf(TrainedForecast model) => model.Mean.Format switch
    {
        { Flavor: ModelFormat.LightGbm } format => new(ModelFlavorKind.LightGbm, format.FileName, format.LibraryVersion),
        { Flavor: ModelFormat.Xgboost } format => new(ModelFlavorKind.XgBoost, format.FileName, format.LibraryVersion),
        var format => new(ModelFlavorKind.Own, format.FileName, model.Settings.Learner),
    };

    private sealed record DescriptionJson
    {
        public required string Horizon { get; init; }

        public required string Learner { get; init; }

        public required Dictionary<string, string> Parameters { get; init; }

        public required int Seed { get; init; }

        public required IReadOnlyList<string> Levels { get; init; }

        /// <summary>By lead; 0 for all.</summary>
        public IReadOnlyDictionary<int, ResidualBins>? Residuals { get; init; }

        public BlendJson? Blend { get; init; }

        public required Dictionary<string, double[]> Shifts { get; init; }
    }

    private sealed record BlendJson
    {
        /// <summary>The usual ratio to a clear sky: by farm, then by hour of the day (UTC).</summary>
        public required Dictionary<string, Dictionary<int, double>> UsualRatios { get; init; }

        public required double UsualRatio { get; init; }

        /// <summary>By lead: the share of clear-sky persistence in the reference.</summary>
        public required Dictionary<int, double> Persistence { get; init; }

        /// <summary>By lead: the share of the learner's mean in the forecast; the reference has the rest.</summary>
        public required Dictionary<int, double> Learner { get; init; }

        public static BlendJson Of(ReferenceBlend blend) => new()
        {
            UsualRatios = blend.References.Climatology.Ratios.GroupBy(ratio => ratio.Key.Farm, StringComparer.Ordinal).ToDictionary(
                farm => farm.Key, farm => farm.ToDictionary(ratio => ratio.Key.Hour, ratio => ratio.Value), StringComparer.Ordinal),
            UsualRatio = blend.References.Climatology.Overall,
            Persistence = Weights(blend.References.Combinations),
            Learner = Weights(blend.Weights),
        };

        public ReferenceBlend Read() => ReferenceBlend.Of(
            References.Of(
                Climatology.Of(
                    UsualRatios.SelectMany(farm => farm.Value.Select(ratio => (Key: (farm.Key, ratio.Key), ratio.Value)))
                        .ToDictionary(ratio => ratio.Key, ratio => ratio.Value),
                    UsualRatio),
                Combinations(Persistence)),
            Combinations(Learner));

        private static Dictionary<int, double> Weights(IReadOnlyDictionary<int, ConvexCombination> combinations) =>
            combinations.ToDictionary(lead => lead.Key, lead => lead.Value.Weight);

        private static Dictionary<int, ConvexCombination> Combinations(Dictionary<int, double> weights) =>
            weights.ToDictionary(lead => lead.Key, lead => new ConvexCombination(lead.Value));
    }
}
