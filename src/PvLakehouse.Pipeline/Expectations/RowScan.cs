using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Expectations;

/// <summary>Asks a table's rows once for all that is expected of each, and counts those that break quality rules.</summary>
internal static class RowScan
{
    /// <summary>The results for a table that a session shows by its name.</summary>
    public static async Task<IReadOnlyList<CheckResult>> RunAsync(
        ISqlSession session, TableContract table, CheckScope scope, CancellationToken cancellationToken)
    {
        var rules = RuleBook.Of(table).Select(rule => new RowExpectation(
            rule.Name, $"list_contains(issues, '{rule.Name}')", ContractExpectations.Text(table.Key), CheckStatus.Info)).ToArray();
        RowExpectation[] expectations = [.. ContractExpectations.OfRows(table), .. rules];
        var asked = expectations.Select(expectation =>
            $"count(*) FILTER (WHERE {expectation.Broken}), min({expectation.Sample}) FILTER (WHERE {expectation.Broken})");
        var issues = rules.Length > 0 ? ", string_split(quality_issues, '|') AS issues" : "";
        var result = await session.QueryAsync(
            $"""
            SELECT count(*), {string.Join(", ", asked)}
            FROM (SELECT *{issues} FROM {table.Name} WHERE {ContractExpectations.Where(table, scope)})
            """,
            parameters: null, cancellationToken);
        var row = (await result.ToListAsync(cancellationToken))[0];
        return [.. expectations.Select((expectation, i) => Result(expectation, Number(row[1 + (2 * i)]), (string?)row[2 + (2 * i)]))];

        CheckResult Result(RowExpectation expectation, long violations, string? sample)
        {
            // A rule's hits are the data's: its count is told even when it is 0.
            var status = violations > 0 || expectation.Otherwise == CheckStatus.Info ? expectation.Otherwise : CheckStatus.Pass;
            return new(table, expectation.Name, status, violations, Number(row[0]), sample) { From = scope.From, To = scope.To };
        }
    }

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
