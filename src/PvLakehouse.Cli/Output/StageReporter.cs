using System.Globalization;
using PvLakehouse.Pipeline.Lineage;
using PvLakehouse.Pipeline.Runs;
using Spectre.Console;

namespace PvLakehouse.Cli.Output;

/// <summary>Tells how a run goes: a spinner while a stage works (for people), one line when it is done.</summary>
/// <param name="output">Gets the lines.</param>
/// <param name="lineage">Told of each stage too; null tells nobody.</param>
internal sealed class StageReporter(TextWriter output, LineageEvents? lineage)
{
    private readonly List<StageResult> _results = [];

    /// <summary>The stages that were run, in order.</summary>
    public IReadOnlyList<StageResult> Results => _results;

    /// <summary>Runs one stage and prints what it did.</summary>
    public async Task<StageResult> RunAsync(string name, Func<Task<StageResult>> stage)
    {
        var result = Terminal.IsInteractive
            ? await AnsiConsole.Status().StartAsync(Markup.Escape(name), _ => Told())
            : await Told();
        _results.Add(result);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{result.Table,-36} {What(result),-52} {result.Elapsed.TotalSeconds,7:0.00} s"));
        foreach (var note in result.Failure is { } failure ? [.. result.Notes, failure] : result.Notes)
        {
            await output.WriteLineAsync($"  {note}");
        }

        return result;

        Task<StageResult> Told() => lineage is null ? stage() : lineage.RunAsync(name, stage);
    }

    private static string What(StageResult result) => result switch
    {
        { Failure: not null } => "NOT READ TO THE END",
        { Summary: { } summary } => summary,
        { NothingNew: true } => "nothing new",
        { RowsUpdated: 0 } => $"{Rows(result.RowsInserted)} new",
        { RowsInserted: 0 } => $"{Rows(result.RowsUpdated)} changed",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Rows(result.RowsInserted)} new, {result.RowsUpdated:N0} changed"),
    };

    private static string Rows(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {Noun.Of(count, "row")}");
}
