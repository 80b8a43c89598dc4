using System.CommandLine;
using PvLakehouse.Cli.Commands.Tables;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Pipeline.Ledger;

namespace PvLakehouse.Cli.Commands;

/// <summary><c>pvlake revisions</c>: what providers changed after the fact.</summary>
internal static class RevisionsCommand
{
    private static readonly string[] Columns =
        ["facility_code", "network_date", "intervals", "before_mwh", "after_mwh", "delta_mwh", "learned_at"];

    private static readonly Option<string> Since = new("--since")
    {
        Description = "Changes learned after this instant, for example 2025-11-19 or 2025-11-19T08:00+10:00; a day begins in UTC.",
        HelpName = "INSTANT",
        Required = true,
    };

    public static Command Build() =>
        new Command("revisions", "Lists what providers changed, by farm and day.") { Since, CommonOptions.Facilities }.Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var text = line.GetValue(Since)!;
        if (!InstantText.TryRead(text, TimeProvider.System.GetUtcNow(), out var since))
        {
            throw new LakeException($"'{text}' is no instant; expected for example 2025-11-19, 2025-11-19T08:00+10:00 or 7d for a week "
                + "ago.");
        }

        await using var lake = await OpenLake.ForReadingAsync(LakeConfiguration.Read(line), cancellationToken);
        var revisions = await new EnergyRevisions(lake.Lake).SinceAsync(since, line.GetValue(CommonOptions.Facilities)!, cancellationToken);
        await new ResultPrinter(line.GetValue(CommonOptions.Format), Console.Out).PrintAsync(
            Columns,
            revisions.Select(revision => (object?[])
            [
                revision.FacilityCode, revision.NetworkDate, revision.Intervals, revision.BeforeMwh, revision.AfterMwh, revision.DeltaMwh,
                revision.LearnedAt.UtcDateTime,
            ]).ToAsyncEnumerable(),
            cancellationToken);
        return 0;
    }
}
