using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Engine.Sql;

namespace PvLakehouse.Cli.Commands;

/// <summary><c>pvlake sql</c>: statements over the lake's tables, one by one.</summary>
internal static class SqlCommand
{
    private static readonly Argument<string> Statement = new("statement")
    {
        Description = "SELECT, INSERT, UPDATE, DELETE, MERGE, CREATE, ALTER, DROP or CALL over tables such as "
            + "iceberg.gold.fact_solar_environmental; several are separated by semicolons, and - reads them from standard input.",
    };

    public static Command Build() => new Command("sql", "Runs SQL statements over the lake's tables.") { Statement }.Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var text = line.GetValue(Statement)!;
        text = text == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : text;
        var statements = SqlScript.Split(text);
        var configuration = LakeConfiguration.Read(line);

        // Reading needs no lock, so queries run beside a process that writes.
        await using var lake = statements.Any(SqlScript.Writes)
            ? await OpenLake.ForWritingAsync(configuration, cancellationToken)
            : await OpenLake.ForReadingAsync(configuration, cancellationToken);
        await using var session = await lake.Lake.Engine.OpenSessionAsync(cancellationToken);
        var printer = new ResultPrinter(line.GetValue(CommonOptions.Format), Console.Out);
        foreach (var statement in statements.DefaultIfEmpty(text))
        {
            await using var result = await session.RunAsync(statement, parameters: null, cancellationToken);
            await printer.PrintAsync([.. result.Columns.Select(column => column.Name)], result.ReadAsync(), cancellationToken);
        }

        return 0;
    }
}
