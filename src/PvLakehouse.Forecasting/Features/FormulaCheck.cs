using PvLakehouse.Engine;

namespace PvLakehouse.Forecasting.Features;

/// <summary>A formula may name its inputs and nothing else, for the leakage guard looks at these.</summary>
internal static class FormulaCheck
{
    /// <exception cref="ForecastingException">A formula names something else, or is none.</exception>
    public static async Task RequireClosedAsync(ISqlSession session, FeatureSet set, CancellationToken cancellationToken)
    {
        foreach (var feature in set.Features)
        {
            if (feature.Source is FeatureSource.Derived derived)
            {
                await RequireClosedAsync(session, feature.Name, derived, cancellationToken);
            }
        }
    }

    private static async Task RequireClosedAsync(
        ISqlSession session, string name, FeatureSource.Derived derived, CancellationToken cancellationToken)
    {
        var inputs = string.Join(", ", derived.Inputs);
        try
        {
            // A subquery reaches every table of the lake.
            var tree = await session.QueryAsync(
                "SELECT json_serialize_sql(CAST($sql AS VARCHAR))",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["sql"] = $"SELECT {derived.Expression}" },
                cancellationToken);
            if ((await tree.ToListAsync(cancellationToken))[0][0] is string text && text.Contains("\"class\":\"SUBQUERY\"", StringComparison.Ordinal))
            {
                throw new ForecastingException($"The formula of the feature '{name}', {derived.Expression}, has a query in it; expected a formula of {inputs}.");
            }

            var columns = derived.Inputs.Select(input => $"CAST(NULL AS DOUBLE) AS \"{input}\"");
            var result = await session.QueryAsync(
                $"SELECT CAST({derived.Expression} AS DOUBLE) FROM (SELECT {string.Join(", ", columns)})", parameters: null, cancellationToken);
            await result.DisposeAsync();
        }
        catch (SqlEngineException fault)
        {
            throw new ForecastingException(
                $"The formula of the feature '{name}', {derived.Expression}, cannot be computed from {inputs}: {fault.Message}", fault);
        }
    }
}
