using System.Text.Json;
using System.Text.Json.Serialization;

namespace PvLakehouse.Forecasting.Features;

/// <summary>Feature sets that users write, as JSON.</summary>
/// <remarks>
/// <code>
/// { "name": "mine",
///   "features": [
///     "sun_elevation",
///     { "name": "energy_yesterday", "unit": "MWh", "measured": "energy_mwh", "offset_hours": -24 },
///     { "name": "heat", "formula": "forecast_ghi * forecast_temperature", "of": ["forecast_ghi", "forecast_temperature"] } ] }
/// </code>
/// A text names a feature of the catalogue; <c>"learned": false</c> keeps one for formulas only.
/// </remarks>
public static class FeatureSetFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="ForecastingException">There is no such file, or it is no feature set.</exception>
    public static async Task<FeatureSet> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new ForecastingException($"There is no feature set at {path}.");
        }

        return Parse(await File.ReadAllTextAsync(path, cancellationToken), path);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="where">Where it is from, for errors.</param>
    /// <exception cref="ForecastingException">It is no feature set.</exception>
    public static FeatureSet Parse(string json, string where)
    {
        try
        {
            var set = JsonSerializer.Deserialize<SetJson>(json, Options) ?? throw new ForecastingException($"{where} says null; expected a feature set.");
            return new(set.Name, set.Features.Select(element => Feature(element, where)));
        }
        catch (JsonException fault)
        {
            throw new ForecastingException($"{where} is no feature set: {fault.Message}", fault);
        }
    }

    /// <summary>A set as text that <see cref="Parse"/> reads; features of the catalogue are named, the others told.</summary>
    public static string Write(FeatureSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return JsonSerializer.Serialize(new SetJson { Name = set.Name, Features = [.. set.Features.Select(Element)] }, Options);
    }

    private static JsonElement Element(Feature feature) => feature.Source switch
    {
        _ when FeatureCatalogue.Default.Features.Contains(feature) => JsonSerializer.SerializeToElement(feature.Name, Options),
        FeatureSource.Measured measured => JsonSerializer.SerializeToElement(
            Json(feature) with { Measured = measured.Quantity.Name, OffsetHours = measured.OffsetHours }, Options),
        FeatureSource.Derived derived => JsonSerializer.SerializeToElement(
            Json(feature) with { Formula = derived.Expression, Of = derived.Inputs }, Options),
        _ => throw new ForecastingException($"The feature '{feature.Name}' is none of the catalogue, so it cannot be written."),
    };

    private static FeatureJson Json(Feature feature) => new()
    {
        Name = feature.Name,
        Unit = feature.Unit,
        Category = feature.Category.ToString(),
        Learned = feature.IsLearned,
    };

    private static Feature Feature(JsonElement element, string where)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            var name = element.GetString()!;
            return FeatureCatalogue.Default.Features.FirstOrDefault(feature => feature.Name == name)
                ?? throw new ForecastingException($"{where} asks for the feature '{name}', which the catalogue does not have; 'pvlake ml features --list' shows it.");
        }

        var json = element.Deserialize<FeatureJson>(Options) ?? throw new ForecastingException($"{where} has a feature that says null.");
        return (json.Measured, json.Formula) switch
        {
            ({ } measured, null) when json.Of is null => Measured(json, MeasuredQuantity.Of(measured), where),
            (null, { } formula) when json is { Of.Count: > 0, OffsetHours: null } =>
                Own(json, FeatureCategoryOf(json, FeatureCategory.Observed, where), formula, new FeatureSource.Derived(formula, json.Of)),
            _ => throw new ForecastingException(
                $"The feature '{json.Name}' of {where} needs either 'measured' with 'offset_hours', or 'formula' with 'of', the features it is made of."),
        };
    }

    private static Feature Measured(FeatureJson json, MeasuredQuantity quantity, string where)
    {
        if (json.OffsetHours is not { } offset || Math.Abs(offset) > 24 * 31)
        {
            throw new ForecastingException(
                $"The feature '{json.Name}' of {where} needs 'offset_hours', hours from the hour that is forecast, -744 to 744; -24 is the same hour a day before.");
        }

        return Own(json, FeatureCategoryOf(json, FeatureCategory.Lag, where), $"{quantity.Name}, {offset} h from the hour that is forecast",
            new FeatureSource.Measured(quantity, offset));
    }

    private static Feature Own(FeatureJson json, FeatureCategory category, string formula, FeatureSource source) =>
        new(json.Name, json.Unit ?? "1", category, formula, source) { IsLearned = json.Learned ?? true };

    private static FeatureCategory FeatureCategoryOf(FeatureJson json, FeatureCategory unless, string where) => json.Category is not { } name
        ? unless
        : Enum.TryParse<FeatureCategory>(name, ignoreCase: true, out var category)
            ? category
            : throw new ForecastingException(
                $"The feature '{json.Name}' of {where} has the category '{name}'; expected one of {string.Join(", ", Enum.GetNames<FeatureCategory>())}.");

    private sealed record SetJson
    {
        public required string Name { get; init; }

        public required IReadOnlyList<JsonElement> Features { get; init; }
    }

    private sealed record FeatureJson
    {
        public required string Name { get; init; }

        public string? Unit { get; init; }

        public string? Category { get; init; }

        public string? Measured { get; init; }

        public int? OffsetHours { get; init; }

        public string? Formula { get; init; }

        public IReadOnlyList<string>? Of { get; init; }

        public bool? Learned { get; init; }
    }
}
