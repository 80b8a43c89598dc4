using System.Globalization;
using System.Xml.Linq;
using PvLakehouse.Pipeline.Expectations;

namespace PvLakehouse.Cli.Output;

/// <summary>Prints what checks found.</summary>
internal sealed class CheckPrinter(TextWriter output)
{
    private static readonly string[] Columns = ["table", "check", "status", "violations", "rows_checked", "sample"];

    public async Task PrintAsync(IReadOnlyList<CheckResult> results, CheckFormat format, CancellationToken cancellationToken)
    {
        if (format == CheckFormat.JUnit)
        {
            await output.WriteLineAsync(JUnit(results).ToString());
            return;
        }

        var rows = results.Select(result => (object?[])
        [
            result.Table.ToString(), result.Check, Word(result.Status), result.Violations, result.RowsChecked, result.Sample,
        ]);
        await new ResultPrinter(format == CheckFormat.Json ? OutputFormat.Json : OutputFormat.Table, output)
            .PrintAsync(Columns, rows.ToAsyncEnumerable(), cancellationToken);
        if (format == CheckFormat.Table)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{Count(CheckStatus.Pass)} passed, {Count(CheckStatus.Warn)} warned, {Count(CheckStatus.Fail)} failed; "
                + $"{Count(CheckStatus.Info)} rules counted"));
        }

        int Count(CheckStatus status) => results.Count(result => result.Status == status);
    }

    /// <summary>One suite a table, one case a check; the counts of rules are the case's output.</summary>
    private static XElement JUnit(IReadOnlyList<CheckResult> results) => new(
        "testsuites",
        results.GroupBy(result => result.Table).Select(table => new XElement(
            "testsuite",
            new XAttribute("name", table.Key.ToString()),
            new XAttribute("tests", table.Count()),
            new XAttribute("failures", table.Count(result => result.Status == CheckStatus.Fail)),
            new XAttribute("skipped", 0),
            table.Select(result => new XElement(
                "testcase",
                new XAttribute("classname", table.Key.ToString()),
                new XAttribute("name", result.Check),
                result.Status == CheckStatus.Fail ? new XElement("failure", new XAttribute("message", Said(result))) : null,
                result.Status is CheckStatus.Warn or CheckStatus.Info ? new XElement("system-out", Said(result)) : null)))));

    private static string Said(CheckResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Word(result.Status)}: {result.Violations} of "
        + $"{result.RowsChecked}{(result.Sample is { } sample ? $", for example {sample}" : "")}");

    private static string Word(CheckStatus status) => status.ToString().ToLowerInvariant();
}
