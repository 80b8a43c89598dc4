using System.Globalization;
using PvLakehouse.Engine;

namespace PvLakehouse.Forecasting.Features;

/// <summary>Refuses features that were not known when the forecast was issued.</summary>
internal static class LeakageGuard
{
    /// <summary>Compares, in every row, when each feature was known with when the forecast was issued.</summary>
    /// <param name="session">The session.</param>
    /// <param name="set">The features.</param>
    /// <param name="rows">A relation made by <see cref="FeatureSql.Select"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="LeakageException">A feature was known later in some row; all of them are named.</exception>
    public static async Task RequireKnownAsync(ISqlSession session, FeatureSet set, string rows, CancellationToken cancellationToken)
    {
        var relations = FeatureSql.DatedRelations(set);
        if (relations.Count == 0)
        {
            return;
        }

        var late = relations.Select(relation => FeatureSql.KnownAtOf(relation))
            .Select(column => $"max(CASE WHEN {column} > issued_at THEN epoch({column}) - epoch(issued_at) END)");
        var result = await session.QueryAsync(
            $"SELECT horizon, {string.Join(", ", late)} FROM {rows} GROUP BY horizon ORDER BY horizon", parameters: null, cancellationToken);
        foreach (var row in await result.ToListAsync(cancellationToken))
        {
            var seconds = relations.Select((relation, index) => (relation, Late: row[index + 1] as double?))
                .Where(item => item.Late is not null)
                .ToDictionary(item => item.relation, item => item.Late!.Value);
            var leaks =
                (from feature in set.Features
                 let latest = set.RelationsOf(feature).Max(relation => seconds.TryGetValue(relation, out var value) ? value : 0)
                 where latest > 0
                 select new Leak(feature.Name, TimeSpan.FromSeconds(latest))).ToList();
            if (leaks.Count > 0)
            {
                throw new LeakageException(set.Name, (string)row[0]!, leaks);
            }
        }
    }
}

/// <summary>A feature that was known too late.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Late">How long after the issue it was known, at worst.</param>
public sealed record Leak(string Feature, TimeSpan Late)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Feature} ({Late.TotalHours:0.#} h after the issue)");
}

/// <summary>A feature set that knows the future.</summary>
public sealed class LeakageException : ForecastingException
{
    /// <summary>Makes the error.</summary>
    /// <param name="set">Name of the feature set.</param>
    /// <param name="horizon">Name of the horizon.</param>
    /// <param name="leaks">The features.</param>
    public LeakageException(string set, string horizon, IReadOnlyList<Leak> leaks)
        : base($"The feature set '{set}' knows the future of {horizon} forecasts, so it is refused: {string.Join(", ", leaks)}. "
            + "A feature has to be known when the forecast is issued.")
    {
        Leaks = leaks;
    }

    /// <summary>The features.</summary>
    public IReadOnlyList<Leak> Leaks { get; }
}
