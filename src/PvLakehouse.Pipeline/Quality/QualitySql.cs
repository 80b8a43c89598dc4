using System.Globalization;
using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Quality;

/// <summary>Turns rules into the verdict columns of a model.</summary>
internal static class QualitySql
{
    /// <summary>Share of the score that is left after one broken WARNING rule.</summary>
    public const double WarningFactor = 0.8;

    /// <summary>Wraps a model so that it yields the contract's columns with the verdict of the rules.</summary>
    /// <param name="model">A SELECT with the table's own columns, <c>completeness_pct</c> and whatever the rules look at.</param>
    /// <param name="contract">The target; its verdict columns are computed here, its stamps are left to the caller.</param>
    /// <param name="rules">The rules, in the order in which their names appear in <c>quality_issues</c>.</param>
    public static string Judge(string model, TableContract contract, IReadOnlyList<QualityRule> rules)
    {
        var computed = QualityColumns.Verdict.Concat(QualityColumns.Stamps).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var own = contract.Columns.Where(column => !computed.Contains(column.Name)).Select(column => column.Name);
        var hits = rules.Select(rule => $"coalesce({rule.Predicate}, false) AS \"{Hit(rule)}\"");
        var names = rules.Select(rule => $"CASE WHEN \"{Hit(rule)}\" THEN '{rule.Name}' END");
        var warnings = rules.Where(rule => rule.Severity == Severity.Warning)
            .Select(rule => $"CASE WHEN \"{Hit(rule)}\" THEN 1 ELSE 0 END");

        return $"""
            WITH candidate AS (
            {model}
            ),
            judged AS (
                SELECT candidate.*,
                    {Join(hits, ",\n        ", "false AS \"hit_none\"")}
                FROM candidate
            ),
            weighed AS (
                SELECT judged.*,
                    ({Any(rules)}) AS is_bad,
                    ({Join(warnings, " + ", "0")}) AS warnings,
                    concat_ws('|', {Join(names, ", ", "NULL")}) AS quality_issues
                FROM judged
            )
            SELECT {string.Join(", ", own.Select(name => $"\"{name}\""))},
                NOT is_bad AS is_valid,
                CASE WHEN is_bad THEN 'BAD' WHEN warnings > 0 THEN 'WARNING' ELSE 'GOOD' END AS quality_flag,
                CASE WHEN is_bad THEN 0 ELSE round(completeness_pct / 100 * power({WarningFactor.ToString(CultureInfo.InvariantCulture)}, warnings), 4)
                  END AS quality_score,
                quality_issues
            FROM weighed
            """;
    }

    private static string Hit(QualityRule rule) => $"hit_{rule.Name}";

    private static string Any(IReadOnlyList<QualityRule> rules) =>
        Join(rules.Where(rule => rule.Severity >= Severity.Bad).Select(rule => $"\"{Hit(rule)}\""), " OR ", "false");

    private static string Join(IEnumerable<string> parts, string separator, string none)
    {
        var joined = string.Join(separator, parts);
        return joined.Length == 0 ? none : joined;
    }
}
