using System.Text.RegularExpressions;

namespace PvLakehouse.Forecasting.Features;

/// <summary>Features that belong together: what a model is trained on.</summary>
public sealed partial class FeatureSet
{
    /// <summary>Names that the feature table needs for itself.</summary>
    private static readonly string[] Reserved =
    [
        "facility_code", "network_id", "horizon", "weather", "issued_at", "date_hour", "known_at", "persistence_share", "clear_sky_persistence_share", "clear_sky_share",
        "limit_share", "elevation", "observed_clear_sky_index", "target_share", "target_mwh", "ac_capacity_mwh", "issue_capacity_mw",
        "is_valid", "is_available", "created_at", "updated_at",
    ];

    /// <summary>Makes a set.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="features">The features; an input may come after what is made of it.</param>
    /// <exception cref="ForecastingException">A name occurs twice or is not allowed, an input is unknown, or formulas go round in a circle.</exception>
    public FeatureSet(string name, IEnumerable<Feature> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        Name = name;
        var all = features.ToList();
        foreach (var feature in all)
        {
            if (!SnakeCase().IsMatch(feature.Name) || Reserved.Contains(feature.Name, StringComparer.Ordinal))
            {
                throw new ForecastingException(
                    $"A feature of the set '{name}' cannot be called '{feature.Name}'; expected snake case, and none of {string.Join(", ", Reserved)}.");
            }
        }

        if (all.GroupBy(feature => feature.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ForecastingException($"The set '{name}' has the feature '{twice.Key}' twice.");
        }

        Features = all;
        Levels = [.. LevelsOf(name, all)];
        if (Learned.Count == 0)
        {
            throw new ForecastingException($"The set '{name}' has no feature to learn from.");
        }
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>All features, in the order of the table's columns.</summary>
    public IReadOnlyList<Feature> Features { get; }

    /// <summary>The names that learners see, in their order.</summary>
    public IReadOnlyList<string> Learned => [.. Features.Where(feature => feature.IsLearned).Select(feature => feature.Name)];

    /// <summary>Formulas by how deep they build on each other: those of joined and measured values first.</summary>
    internal IReadOnlyList<IReadOnlyList<Feature>> Levels { get; }

    /// <summary>The relations that a feature needs, through all its inputs.</summary>
    internal IEnumerable<FeatureRelation> RelationsOf(Feature feature) => feature.Source switch
    {
        FeatureSource.Joined joined => [joined.Relation],
        FeatureSource.Measured measured => [FeatureRelation.At(measured.Quantity.Source, measured.OffsetHours)],
        FeatureSource.Derived derived => derived.Inputs.SelectMany(input => RelationsOf(Find(input))).Distinct(),
        _ => throw new ArgumentOutOfRangeException(nameof(feature), feature.Source, "This source is not known."),
    };

    /// <summary>When a feature is known, in words.</summary>
    public string KnownAt(Feature feature)
    {
        ArgumentNullException.ThrowIfNull(feature);
        var relations = RelationsOf(feature).Where(relation => relation.KnownAt is not null).Select(relation => relation.Meaning).Distinct().ToArray();
        return relations.Length == 0 ? "always" : string.Join(", and ", relations);
    }

    private Feature Find(string name) => Features.First(feature => feature.Name == name);

    private static IEnumerable<IReadOnlyList<Feature>> LevelsOf(string set, List<Feature> all)
    {
        var names = all.Select(feature => feature.Name).ToHashSet(StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var left = all.ToList();
        while (left.Count > 0)
        {
            var level = left.Where(feature => feature.Source is not FeatureSource.Derived derived || derived.Inputs.All(known.Contains)).ToList();
            if (level.Count == 0)
            {
                throw new ForecastingException(left.Find(feature => Missing(feature).Any()) is { } stuck
                    ? $"The feature '{stuck.Name}' of the set '{set}' is made of {string.Join(", ", Missing(stuck))}, which the set does not have."
                    : $"The formulas of {string.Join(", ", left.Select(feature => feature.Name))} in the set '{set}' go round in a circle.");
            }

            known.UnionWith(level.Select(feature => feature.Name));
            left.RemoveAll(level.Contains);
            yield return level;
        }

        IEnumerable<string> Missing(Feature feature) => ((FeatureSource.Derived)feature.Source).Inputs.Where(input => !names.Contains(input));
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SnakeCase();
}
