using System.CommandLine;
using System.Globalization;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Forecasting.Evaluation;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary><c>pvlake ml scoreboard</c>: models and references side by side.</summary>
internal static class ScoreboardCommand
{
    private static readonly string[] Columns =
        ["forecast", "hours", "nmae_%", "nrmse_%", "nmbe_%", "r2", "rmse_mwh", "mae_mwh", "skill_%", "pinball_%", "crps_%", "coverage_%", "run"];

    private static readonly Option<string> Subset = Choice();

    private static readonly Option<string> Lead = new("--lead")
    {
        Description = "Only forecasts so far ahead, for example '1 h' or '2 d'.",
        HelpName = "LEAD",
        DefaultValueFactory = _ => "all",
    };

    public static Command Build() => new Command("scoreboard", "Ranks models and references on the hours of the newest test; errors are shares of AC capacity.")
    {
        MlOptions.Horizons, Subset, Lead,
    }
        .Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var lead = line.GetValue(Lead)!;
        var wanted = MlOptions.HorizonsOf(line);
        await using var lake = await OpenLake.ForReadingAsync(LakeConfiguration.Read(line), cancellationToken);
        var boards = await Scoreboard.ReadAsync(
            lake.Lake, line.GetValue(Subset)!, lead == "all" ? ("all", "all") : ("lead", lead), cancellationToken);
        var format = line.GetValue(CommonOptions.Format);
        foreach (var board in boards.Where(board => wanted.Contains(board.Horizon)))
        {
            await PrintAsync(board, line.GetValue(Subset)!, new(format, Console.Out), format, cancellationToken);
        }

        return 0;
    }

    /// <summary>Prints a board, its verdict first.</summary>
    internal static async Task PrintAsync(
        Scoreboard board, string subset, ResultPrinter printer, OutputFormat format, CancellationToken cancellationToken)
    {
        if (format == OutputFormat.Table)
        {
            await Console.Out.WriteLineAsync(board.Verdict);
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{subset}, hours from {board.TestFrom:yyyy-MM-dd} to {board.TestTo:yyyy-MM-dd}"));
        }

        await printer.PrintAsync(Columns, board.Rows.Select(Row).ToAsyncEnumerable(), cancellationToken);
    }

    private static object?[] Row(ScoreboardRow row) =>
    [
        row.Model, row.Hours, Percent(row.NormalisedMae), Percent(row.NormalisedRmse), Percent(row.NormalisedMbe), Rounded(row.RSquared, 3),
        Rounded(row.RmseMwh, 3), Rounded(row.MaeMwh, 3), Percent(row.Skill), Percent(row.Pinball), Percent(row.Crps), Percent(row.Coverage),
        row.IsReference ? "" : row.RunId,
    ];

    private static double? Percent(double? share) => Rounded(100 * share, 2);

    private static double? Rounded(double? value, int digits) => value is { } known ? Math.Round(known, digits) : null;

    private static Option<string> Choice()
    {
        var option = new Option<string>("--subset")
        {
            Description = "Which hours are scored.",
            DefaultValueFactory = _ => ScoreSubset.Daylight,
        };
        option.AcceptOnlyFromAmong(ScoreSubset.Daylight, ScoreSubset.Available, ScoreSubset.AllHours);
        return option;
    }
}
