using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;

namespace PvLakehouse.Cli.Commands;

/// <summary><c>pvlake sql</c>: a query over the lake's tables.</summary>
internal static class SqlCommand
{
    private static readonly Argument<string> Statement = new("statement")
    {
        Description = "A SELECT over tables such as iceberg.gold.fact_solar_environmental; - reads it from standard input.",
    };

    public static Command Build() => new Command("sql", "Runs one SQL query over the lake's tables.") { Statement }.Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var statement = line.GetValue(Statement)!;
        statement = statement == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : statement;
        await using var lake = await OpenLake.ForReadingAsync(LakeConfiguration.Read(line), cancellationToken);
        await using var session = await lake.Lake.Engine.OpenSessionAsync(cancellationToken);
        await using var result = await session.QueryAsync(statement, parameters: null, cancellationToken);
        await new ResultPrinter(line.GetValue(CommonOptions.Format), Console.Out)
            .PrintAsync([.. result.Columns.Select(column => column.Name)], result.ReadAsync(), cancellationToken);
        return 0;
    }
}
