using System.CommandLine;
using PvLakehouse.Cli.Output;
using PvLakehouse.Forecasting;
using PvLakehouse.Pipeline.Documentation;

namespace PvLakehouse.Cli.Commands;

/// <summary><c>pvlake tables describe</c>: what the tables mean, from their contracts; needs no lake.</summary>
internal static class DescribeCommand
{
    private static readonly string[] TableColumns = ["table", "columns", "rules", "key", "made_of", "one_row_is"];
    private static readonly string[] ColumnColumns = ["column", "type", "unit", "null", "meaning"];
    private static readonly string[] RuleColumns = ["rule", "severity", "threshold", "what_is_wrong", "source"];

    private static readonly Argument<string?> Table = new("table")
    {
        Description = "A table such as gold.dim_date; without it all tables.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<DescribeFormat> Format = new("--format")
    {
        Description = "How the description is printed.",
        DefaultValueFactory = _ => DescribeFormat.Table,
    };

    private static readonly Option<string?> Markdown = new("--markdown")
    {
        Description = "Write a page for each table and an index into this folder; pages of tables that are no more are removed.",
        HelpName = "DIR",
    };

    public static Command Build() =>
        new Command("describe", "Says what tables and columns mean, which rules judge them and what they are made of.")
    {
        Table, Format, Markdown,
    }.Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var name = line.GetValue(Table);
        var tables = name is null ? TableDescription.Of(ForecastTables.WithPipeline) : [TableDescription.Find(name, ForecastTables.WithPipeline)];
        if (line.GetValue(Markdown) is { } folder)
        {
            return name is null
                ? await WriteAsync(folder, TableMarkdown.Pages(tables), cancellationToken)
                : throw new LakeException("--markdown writes the pages of all tables; leave the table out.");
        }

        switch (line.GetValue(Format))
        {
            case DescribeFormat.Json:
                await Console.Out.WriteLineAsync(TableDescription.ToJson(tables));
                break;
            case DescribeFormat.Markdown:
                await Console.Out.WriteAsync(string.Join('\n', tables.Select(TableMarkdown.Page)));
                break;
            default:
                await PrintAsync(tables, single: name is not null, cancellationToken);
                break;
        }

        return 0;
    }

    private static async Task PrintAsync(IReadOnlyList<TableDescription> tables, bool single, CancellationToken cancellationToken)
    {
        var printer = new ResultPrinter(OutputFormat.Table, Console.Out);
        if (!single)
        {
            await printer.PrintAsync(TableColumns, tables.Select(t => new object?[]
            {
                t.Table, t.Columns.Count, t.Rules.Count, string.Join(", ", t.Key),
                    string.Join(", ", t.ReadsFrom.Count > 0 ? t.ReadsFrom : t.Sources), t.Grain,
            }).ToAsyncEnumerable(), cancellationToken);
            return;
        }

        var table = tables[0];
        await Console.Out.WriteLineAsync($"""
            {table.Table}: {table.Grain}
              key          {Or(table.Key)}
              partitioned  {Or(table.Partitioning)}
              sorted       {Or(table.SortedBy)}
              references   {Or(table.References)}
              made of      {Or(table.ReadsFrom)}
              used by      {Or(table.ReadBy)}
              sources      {Or(table.Sources)}

            """);
        await printer.PrintAsync(ColumnColumns, table.Columns.Select(c => new object?[]
        {
            c.Name, c.Type, c.Unit, c.Nullable ? "yes" : "", c.Meaning,
        }).ToAsyncEnumerable(), cancellationToken);
        if (table.Rules.Count > 0)
        {
            await Console.Out.WriteLineAsync();
            await printer.PrintAsync(RuleColumns, table.Rules.Select(r => new object?[]
            {
                r.Name, r.Severity, r.Threshold, r.Meaning, r.Source,
            }).ToAsyncEnumerable(), cancellationToken);
        }

        static string Or(IReadOnlyList<string> names) => names.Count == 0 ? "-" : string.Join(", ", names);
    }

    private static async Task<int> WriteAsync(string folder, IReadOnlyDictionary<string, string> pages, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in pages)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), text, cancellationToken);
        }

        foreach (var old in Directory.EnumerateFiles(folder, "*.*.md").Where(path => !pages.ContainsKey(Path.GetFileName(path))))
        {
            File.Delete(old);
        }

        await Console.Out.WriteLineAsync($"{pages.Count} pages written to {Path.GetFullPath(folder)}.");
        return 0;
    }
}
