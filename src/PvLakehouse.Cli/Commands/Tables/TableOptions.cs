using System.CommandLine;
using System.CommandLine.Parsing;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Cli.Commands.Tables;

/// <summary>What the commands on one table share.</summary>
internal static class TableOptions
{
    public static Argument<string> Table() => new("table")
    {
        Description = "The table, for example gold.dim_date.",
    };

    public static Option<bool> DryRun() => new("--dry-run")
    {
        Description = "Say what would be done, and do nothing.",
    };

    public static Option<long?> Snapshot(string description) => new("--snapshot")
    {
        Description = description,
        HelpName = "ID",
    };

    /// <summary>An instant, given as such or as the time that has passed since.</summary>
    public static Option<DateTimeOffset?> Instant(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "5d|12h|30m|TIMESTAMP",
        CustomParser = ReadInstant,
    };

    /// <summary>Loads the table of a command line.</summary>
    /// <exception cref="LakeException">The name is none of a table.</exception>
    public static Task<Table> LoadAsync(OpenLake lake, string name, CancellationToken cancellationToken)
    {
        var parts = name.Split('.');
        parts = parts is ["iceberg", _, _, ..] ? parts[1..] : parts;
        return parts.Length >= 2 && parts.All(part => part.Length > 0)
            ? lake.Catalog.LoadTableAsync(TableIdentifier.Parse(string.Join('.', parts)), cancellationToken)
            : throw new LakeException(
                $"'{name}' is no name of a table; expected layer.table, for example gold.dim_date.");
    }

    /// <summary>Opens the lake: to write, unless nothing shall be done.</summary>
    public static Task<OpenLake> OpenAsync(ParseResult line, bool toRead, CancellationToken cancellationToken)
    {
        var settings = LakeConfiguration.Read(line);
        return toRead
            ? OpenLake.ForReadingAsync(settings, cancellationToken)
            : OpenLake.ForWritingAsync(settings, cancellationToken);
    }

    public static Task PrintAsync(
        ParseResult line, IReadOnlyList<string> columns, IEnumerable<object?[]> rows,
            CancellationToken cancellationToken) =>
        new ResultPrinter(line.GetValue(CommonOptions.Format), Console.Out)
            .PrintAsync(columns, rows.ToAsyncEnumerable(), cancellationToken);

    private static DateTimeOffset? ReadInstant(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (InstantText.TryRead(text, TimeProvider.System.GetUtcNow(), out var instant))
        {
            return instant;
        }

        argument.AddError(
            $"'{text}' is no time; expected how long ago, for example 5d, 12h or 30m, or an instant such "
            + "as 2025-01-31T00:00:00Z.");
        return null;
    }
}
