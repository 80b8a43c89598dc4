using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Forecasting;
using PvLakehouse.Pipeline.Expectations;

namespace PvLakehouse.Cli.Commands;

/// <summary><c>pvlake check</c>: whether tables keep what their contracts promise.</summary>
internal static class CheckCommand
{
    private static readonly Argument<string?> Table = new("table")
    {
        Description = "A table such as gold.dim_date, or a layer; without it all tables.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<CheckFormat> Format = new("--format")
    {
        Description = "How the results are printed; junit is what build servers read.",
        DefaultValueFactory = _ => CheckFormat.Table,
    };

    private static readonly Option<bool> Strict = new("--strict")
    {
        Description = "Exit with 1 on warnings too, for example on data that are late.",
    };

    public static Command Build() =>
        new Command("check", "Checks whether tables keep what their contracts promise, and counts what quality rules found.")
        {
            Table, Format, Strict,
        }
            .Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var tables = LakeCheck.TablesOf(line.GetValue(Table), ForecastTables.WithPipeline);
        await using var lake = await OpenLake.ForWritingAsync(LakeConfiguration.Read(line), cancellationToken);
        var results = await new LakeCheck(lake.Lake).RunAsync(tables, cancellationToken);
        await new CheckPrinter(Console.Out).PrintAsync(results, line.GetValue(Format), cancellationToken);
        var worst = line.GetValue(Strict) ? CheckStatus.Warn : CheckStatus.Fail;
        return results.Any(result => result.Status >= worst) ? Faults.Failed : 0;
    }
}
