using System.CommandLine;
using System.Globalization;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Pipeline.Holding;

namespace PvLakehouse.Cli.Commands;

/// <summary><c>pvlake audit</c>: the farm-days that are held back from gold, and what a person decides about them.</summary>
internal static class AuditCommand
{
    private static readonly string[] DayColumns =
        [
            "facility_code", "network_date", "status", "reasons", "hours", "energy_mwh", "kept_energy_mwh", "known_at", "kept_known_at",
            "decided_by", "comment",
        ];

    private static readonly string[] HourColumns =
        ["date_hour", "held_mwh", "kept_mwh", "ac_capacity_mw", "energy_limit_mwh", "expected_energy_mwh", "quality_issues"];

    private static readonly Argument<string> Farm = new("farm") { Description = "Code of the farm, for example AVLSF." };

    private static readonly Argument<DateOnly> Day = new("day") { Description = "The day of market time, for example 2025-11-14." };

    private static readonly Option<bool> All = new("--all") { Description = "Also what is released, superseded or cleared." };

    private static readonly Option<string?> Comment = new("--comment") { Description = "Why; kept with the decision.", HelpName = "TEXT" };

    public static Command Build() => new("audit", "Shows the farm-days that are held back from gold, and releases or rejects them.")
    {
        new Command("list", "Lists held farm-days.") { All }.Does(ListAsync),
        new Command("show", "Shows a held farm-day hour by hour.") { Farm, Day }.Does(ShowAsync),
        new Command("release", "Publishes a held farm-day as it is.") { Farm, Day, Comment }.Does(
            (line, token) => DecideAsync(line, release: true, token)),
        new Command("reject", "Keeps a held farm-day out of gold for good.") { Farm, Day, Comment }.Does(
            (line, token) => DecideAsync(line, release: false, token)),
    };

    private static async Task<int> ListAsync(ParseResult line, CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForReadingAsync(LakeConfiguration.Read(line), cancellationToken);
        await PrintAsync(line, await new HeldDaysReader(lake.Lake).ListAsync(line.GetValue(All), cancellationToken), cancellationToken);
        return 0;
    }

    private static async Task<int> ShowAsync(ParseResult line, CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForReadingAsync(LakeConfiguration.Read(line), cancellationToken);
        var reader = new HeldDaysReader(lake.Lake);
        var day = await reader.FindAsync(line.GetValue(Farm)!.ToUpperInvariant(), line.GetValue(Day), cancellationToken);
        if (line.GetValue(CommonOptions.Format) == OutputFormat.Table)
        {
            await PrintAsync(line, [day], cancellationToken);
        }

        await new ResultPrinter(line.GetValue(CommonOptions.Format), Console.Out).PrintAsync(
            HourColumns, (await reader.HoursAsync(day, cancellationToken)).ToAsyncEnumerable(), cancellationToken);
        return 0;
    }

    private static async Task<int> DecideAsync(ParseResult line, bool release, CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForWritingAsync(LakeConfiguration.Read(line), cancellationToken);
        var day = await new HeldDaysReader(lake.Lake).FindAsync(
            line.GetValue(Farm)!.ToUpperInvariant(), line.GetValue(Day), cancellationToken);
        var decision = new HeldDayDecision(lake.Lake);
        var reporter = new StageReporter(Console.Out, lake.Lineage);
        await (release
            ? decision.ReleaseAsync(day, Environment.UserName, line.GetValue(Comment), reporter.RunAsync, cancellationToken)
            : decision.RejectAsync(day, Environment.UserName, line.GetValue(Comment), reporter.RunAsync, cancellationToken));
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{day.FacilityCode} {day.NetworkDate:yyyy-MM-dd} is "
                + $"{(release ? "released: gold has it as it is" : "rejected: gold never will have it")}."));
        return 0;
    }

    private static Task PrintAsync(ParseResult line, IReadOnlyList<HeldDay> days, CancellationToken cancellationToken) =>
        new ResultPrinter(line.GetValue(CommonOptions.Format), Console.Out).PrintAsync(
            DayColumns,
            days.Select(day => (object?[])
            [
                day.FacilityCode, day.NetworkDate, day.Status, day.Reasons, day.Hours, day.EnergyMwh, day.KeptEnergyMwh,
                    day.KnownAt.UtcDateTime,
                day.KeptKnownAt?.UtcDateTime, day.DecidedBy, day.Comment,
            ]).ToAsyncEnumerable(),
            cancellationToken);
}
