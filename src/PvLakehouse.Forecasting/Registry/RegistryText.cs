using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Registry;

/// <summary>The words of MLflow's protocol for the registry's enumerations, and the tags of promotions.</summary>
internal static class RegistryText
{
    public static string Of(ModelStage stage) => stage switch
    {
        ModelStage.None => "None",
        ModelStage.Staging => "Staging",
        ModelStage.Production => "Production",
        ModelStage.Archived => "Archived",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Expected a stage of a model version."),
    };

    /// <exception cref="TrackingException">There is no such stage.</exception>
    public static ModelStage Stage(string text) => text switch
    {
        "None" => ModelStage.None,
        "Staging" => ModelStage.Staging,
        "Production" => ModelStage.Production,
        "Archived" => ModelStage.Archived,
        _ => throw ProtocolText.Unknown("stage of a model version", text),
    };

    /// <summary>What a promotion leaves on the version, in the order in which it is set.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> PromotionTags(string alias, string reason, DateTimeOffset since, int? after)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        var tags = new List<KeyValuePair<string, string>>
        {
            new($"pvlake.{alias}.reason", reason),
            new($"pvlake.{alias}.since", $"{since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"),
        };
        if (after is { } version)
        {
            tags.Add(new($"pvlake.{alias}.after", $"{version}"));
        }

        foreach (var (key, value) in tags)
        {
            TrackingRules.CheckTag(key, value);
        }

        return tags;
    }

    /// <summary>Checks that versions of a stage may be archived by a move to it.</summary>
    public static void CheckTransition(ModelStage stage, bool archiveExisting)
    {
        if (archiveExisting && stage is not (ModelStage.Staging or ModelStage.Production))
        {
            throw TrackingRules.Invalid($"A move to {Of(stage)} archives no other versions; only one to Staging or Production does.");
        }
    }
}
