using System.Text.Json;
using System.Text.Json.Serialization;
using PvLakehouse.Forecasting.Learners.RandomForest;
using PvLakehouse.Forecasting.Learners.Ridge;

namespace PvLakehouse.Forecasting.Learners;

/// <summary>
/// A model as our own JSON: <c>model</c> says which, <c>features</c> their order; numbers are written so that they read back the same.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "model")]
[JsonDerivedType(typeof(RidgeFile), "ridge")]
[JsonDerivedType(typeof(ForestFile), "random-forest")]
internal abstract class PvlakeModel
{
    private const int CurrentVersion = 1;

    public static ModelFormat Format { get; } = new(ModelFormat.Pvlake, "model.json", "1", PythonClass: null);

    /// <summary>Version of the format.</summary>
    public int FormatVersion { get; init; } = CurrentVersion;

    public required string[] Features { get; init; }

    /// <summary>Reads a model.</summary>
    /// <exception cref="ForecastingException">The content is no such model, or of another version.</exception>
    public static IForecastModel Load(ReadOnlySpan<byte> content)
    {
        PvlakeModel? file;
        try
        {
            file = JsonSerializer.Deserialize(content, PvlakeJson.Default.PvlakeModel);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new ForecastingException(
                $"The content is no model of the flavor '{ModelFormat.Pvlake}': {NativeLibraries.FirstLine(e)}", e);
        }

        return file switch
        {
            { FormatVersion: not CurrentVersion } => throw new ForecastingException(
                $"The model is of format version {file.FormatVersion}; this program reads version {CurrentVersion}."),
            RidgeFile ridge => RidgeModel.Of(ridge),
            ForestFile forest => ForestModel.Of(forest),
            _ => throw new ForecastingException($"The content is no model of the flavor '{ModelFormat.Pvlake}': it is null."),
        };
    }
}

/// <summary>Ridge regression: intercept + sum of coefficient × (value − mean) / deviation, a missing value being the mean.</summary>
internal sealed class RidgeFile : PvlakeModel
{
    public required double[] Means { get; init; }

    public required double[] Deviations { get; init; }

    public required double[] Coefficients { get; init; }

    public required double Intercept { get; init; }
}

/// <summary>A random forest: the mean of its trees' leaf values, or a quantile of what lies in their leaves.</summary>
internal sealed class ForestFile : PvlakeModel
{
    /// <summary>The level that is forecast; null for the mean.</summary>
    public double? Level { get; init; }

    /// <summary>By feature, how much its splits lowered the squared error.</summary>
    public required double[] Gains { get; init; }

    public required Tree[] Trees { get; init; }
}

/// <summary>How the JSON is spelt.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PvlakeModel))]
internal sealed partial class PvlakeJson : JsonSerializerContext;
