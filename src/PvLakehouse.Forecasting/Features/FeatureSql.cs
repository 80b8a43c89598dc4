using System.Reflection;

namespace PvLakehouse.Forecasting.Features;

/// <summary>The SQL that makes the features of a set.</summary>
internal static class FeatureSql
{
    /// <summary>The column that says when what a relation gave was known.</summary>
    public static string KnownAtOf(FeatureRelation relation) => $"known_at_{relation.Alias}";

    /// <summary>The relations of a set that are not always known.</summary>
    public static IReadOnlyList<FeatureRelation> DatedRelations(FeatureSet set) =>
        [.. RelationsOf(set).Where(relation => relation.KnownAt is not null)];

    /// <summary>A SELECT over <c>issue_rows</c>, <c>sun</c>, <c>forecasts</c> and <c>measured</c>: rows, features, and when each relation was known.</summary>
    public static string Select(FeatureSet set)
    {
        var joins = RelationsOf(set).Where(relation => relation.Join is not null).Select(relation => $"\nLEFT JOIN {relation.Join}");
        var known = DatedRelations(set).Select(relation => $"{relation.KnownAt} AS {KnownAtOf(relation)}");
        var first = set.Levels[0].Select(feature => $"{Value(feature)} AS \"{feature.Name}\"");
        var sql = $"SELECT {string.Join(", ", Rows.Concat(References).Concat(known).Concat(first))}\nFROM issue_rows r{string.Concat(joins)}";
        return set.Levels.Skip(1).Aggregate(sql, (inner, level) =>
            $"SELECT *, {string.Join(", ", level.Select(feature => $"{Value(feature)} AS \"{feature.Name}\""))}\nFROM ({inner})");
    }

    /// <summary>The text of a file beside the features.</summary>
    public static string Read(string file)
    {
        var name = $"{typeof(FeatureSql).Namespace}.{file}";
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new ArgumentException($"There is no embedded file '{name}'.", nameof(file)));
        return reader.ReadToEnd();
    }

    /// <summary>What the references are made of, whatever the features are.</summary>
    private static string[] References { get; } =
    [
        $"CASE WHEN r.horizon = '{Horizon.Intraday}' THEN n.energy_share ELSE h.energy_share END AS persistence_share",
        $"CASE WHEN r.horizon = '{Horizon.Intraday}' THEN coalesce(n.clear_sky_ratio, n.clear_sky_ratio_3h, n.clear_sky_ratio_24h) "
            + "ELSE n.clear_sky_ratio_24h END * s.clear_sky_energy_share AS clear_sky_persistence_share",
        "s.clear_sky_energy_share AS clear_sky_share",
        "s.energy_limit_share AS limit_share",
        "s.sun_elevation AS elevation",
    ];

    private static IReadOnlyList<FeatureRelation> RelationsOf(FeatureSet set) =>
        [.. set.Features.SelectMany(set.RelationsOf).Concat([FeatureRelation.Sun, FeatureRelation.NewestHour, FeatureRelation.SameHour]).Distinct()];

    private static string[] Rows { get; } = ["r.facility_code", "r.horizon", "r.issued_at", "r.date_hour", "r.ac_capacity_mw AS issue_capacity_mw"];

    private static string Value(Feature feature) => feature.Source switch
    {
        FeatureSource.Joined joined => joined.Expression,
        FeatureSource.Measured measured =>
            $"{FeatureRelation.At(measured.Quantity.Source, measured.OffsetHours).Alias}.{measured.Quantity.Expression}",
        FeatureSource.Derived derived => derived.Expression,
        _ => throw new ArgumentOutOfRangeException(nameof(feature), feature.Source, "This source is not known."),
    };
}
