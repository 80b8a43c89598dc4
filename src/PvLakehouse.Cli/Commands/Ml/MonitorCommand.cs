using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Forecasting;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Monitoring;
using PvLakehouse.Pipeline.Expectations;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary><c>pvlake ml monitor</c>: whether the champions still are what they were.</summary>
internal static class MonitorCommand
{
    private static readonly string[] Columns = ["model", "version", "check", "subject", "value", "fails_from", "status", "meaning"];

    private static readonly Option<bool> All = new("--all") { Description = "Show checks that pass too; csv and json always have all." };

    public static Option<int> Days { get; } = DaysOption();

    public static Command Build() => new Command(
        "monitor", "Checks inputs, errors and skill of the champions on their newest hours; ends with 1 when a check fails.")
    {
        MlOptions.Horizons, Days, All, MlOptions.Tracking,
    }
        .Does(RunAsync);

    /// <summary>Does something for each class; where it cannot a sentence on standard error says why, and the others follow.</summary>
    /// <returns>Whether it was done for all.</returns>
    public static async Task<bool> EachAsync(IEnumerable<Horizon> horizons, Func<Horizon, Task> action)
    {
        var done = true;
        foreach (var horizon in horizons)
        {
            try
            {
                await action(horizon);
            }
            catch (ForecastingException fault)
            {
                await Console.Error.WriteLineAsync(fault.Message);
                done = false;
            }
        }

        return done;
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForWritingAsync(LakeConfiguration.Read(line), cancellationToken);
        await using var services = await lake.TrackingAsync(MlOptions.TrackingOf(line), cancellationToken);
        var monitor = new ModelMonitor(lake.Lake, services, MonitorThresholds.Usual);
        var reports = new List<MonitorReport>();
        var checkedAll = await EachAsync(
            await MlOptions.WithChampionAsync(line, services, cancellationToken),
            async horizon => reports.Add(await monitor.RunAsync(horizon, line.GetValue(Days), cancellationToken)));
        await PrintAsync(line, reports, cancellationToken);
        return checkedAll && !reports.Exists(report => report.HasFailed) ? 0 : Faults.Failed;
    }

    private static async Task PrintAsync(ParseResult line, List<MonitorReport> reports, CancellationToken cancellationToken)
    {
        var format = line.GetValue(CommonOptions.Format);
        var printer = new ResultPrinter(format, Console.Out);
        if (format != OutputFormat.Table)
        {
            await printer.PrintAsync(
                Columns, reports.SelectMany(report => Rows(report, CheckStatus.Pass)).ToAsyncEnumerable(), cancellationToken);
            return;
        }

        foreach (var report in reports)
        {
            await Console.Out.WriteLineAsync(report.Verdict);
            await Console.Out.WriteLineAsync($"Inputs are compared with {report.InputBaseline}; errors with {report.ErrorBaseline}.");
            await printer.PrintAsync(
                Columns[2..],
                Rows(report, line.GetValue(All) ? CheckStatus.Pass : CheckStatus.Info).Select(row => row[2..]).ToAsyncEnumerable(),
                cancellationToken);
        }
    }

    /// <summary>The findings from a status on, and always the weeks.</summary>
    private static IEnumerable<object?[]> Rows(MonitorReport report, CheckStatus from) => report.Findings
        .Where(finding => finding.Status >= from || finding.Check is MonitorCheck.Skill or MonitorCheck.WeeklySkill)
        .Select(finding => (object?[])
        [
            report.Version.Name, report.Version.Version, finding.Check, finding.Subject, Rounded(finding.Value), Rounded(finding.Threshold),
            finding.Status.ToString().ToLowerInvariant(), finding.Meaning,
        ]);

    private static double? Rounded(double? value) => value is { } known ? Math.Round(known, 4) : null;

    private static Option<int> DaysOption()
    {
        var option = new Option<int>("--days")
        {
            Description = "Days to look back from the newest hour with energy, 1 to 366; not beyond the hours that first judged the model.",
            HelpName = "DAYS",
            DefaultValueFactory = _ => ModelMonitor.UsualDays,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 366)
            {
                result.AddError("--days expects whole days from 1 to 366.");
            }
        });
        return option;
    }
}
