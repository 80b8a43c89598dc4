using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Pipeline;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli;

/// <summary>Options that several commands share, each under one name and meaning.</summary>
internal static class CommonOptions
{
    public static Option<string> Lake { get; } = new("--lake")
    {
        Description = "Folder of the lake; with catalog and warehouse elsewhere, of its temporary files and cache.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "./lake",
        Recursive = true,
    };

    public static Option<string?> Warehouse { get; } = new("--warehouse")
    {
        Description = "Where the tables are, when not in the lake's folder: s3://bucket/folder or another folder. Also PVLAKE_WAREHOUSE.",
        HelpName = "URL",
        Recursive = true,
    };

    public static Option<string?> Catalog { get; } = new("--catalog")
    {
        Description = "The catalog, when not in the lake's folder: postgresql://user@host:port/database, the password best in PGPASSWORD. "
            + "Also PVLAKE_CATALOG.",
        HelpName = "URL",
        Recursive = true,
    };

    public static Option<string?> S3Endpoint { get; } = new("--s3-endpoint")
    {
        Description = "The S3 store, when not AWS. Also PVLAKE_S3_ENDPOINT; credentials from PVLAKE_S3_ACCESS_KEY and "
            + "PVLAKE_S3_SECRET_KEY, "
            + "from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from the settings file.",
        HelpName = "URL",
        Recursive = true,
    };

    public static Option<string?> Config { get; } = new("--config")
    {
        Description = "Settings file (JSON); by default pvlake.json in the lake's folder.",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<OutputFormat> Format { get; } = new("--format")
    {
        Description = "How results are printed.",
        DefaultValueFactory = _ => OutputFormat.Table,
        Recursive = true,
    };

    public static Option<string> Source { get; } = new("--source")
    {
        Description = "Where data come from: sandbox (simulated, starts by itself), live (the public APIs), or the URL of a running "
            + "sandbox.",
        HelpName = "sandbox|live|URL",
        DefaultValueFactory = _ => "sandbox",
    };

    public static Option<string?> Replay { get; } = new("--replay")
    {
        Description = "Let the sandbox serve recorded CSV files of this folder instead of simulated data.",
        HelpName = "DIR",
    };

    public static Option<string?> Fault { get; } = new("--fault")
    {
        Description = "Faults that the sandbox makes, with their share of requests, for example 429:0.05,500:0.02,truncate:0.01.",
        HelpName = "LIST",
    };

    public static Option<IReadOnlyList<string>> Facilities { get; } = new("--facilities", "--facility-codes")
    {
        Description = "Codes of the farms, separated by commas; by default those the lake knows, at first eight farms.",
        HelpName = "CODES",
        CustomParser = Codes,
        DefaultValueFactory = _ => [],
    };

    public static Option<DateOnly?> Start { get; } = new("--date-start", "--start")
    {
        Description = "First day of the window, network time.",
        HelpName = "YYYY-MM-DD",
        CustomParser = Day,
    };

    public static Option<DateOnly?> End { get; } = new("--date-end", "--end")
    {
        Description = "Last day of the window, included, network time.",
        HelpName = "YYYY-MM-DD",
        CustomParser = Day,
    };

    public static Option<bool> Refresh { get; } = new("--refresh")
    {
        Description = "Ask again for days that the lake already has.",
    };

    public static Option<bool> Forecasts { get; } = new("--forecasts")
    {
        Description = "Load the weather as it was forecast too, seven days ahead; a lake that has forecasts goes on with them without this.",
    };

    public static Option<EnergyResolution?> Interval { get; } = new("--interval")
    {
        Description = "Length of energy intervals: 5m and 1h as the source has them, 30m as the sum of six 5m. Default 1h, or interval of "
            + "the settings.",
        HelpName = "5m|30m|1h",
        CustomParser = Resolution,
    };

    public static Option<int?> Lookback { get; } = new("--lookback")
    {
        Description = "Days before the new ones that an incremental load reads again, once a day, 0 to 366. Default 10, or lookback of "
            + "the settings.",
        HelpName = "DAYS",
        CustomParser = LookbackDays,
    };

    /// <summary>The window of a command line; null when neither end is given.</summary>
    /// <exception cref="PipelineException">Only one end is given, or the end is before the start.</exception>
    public static DayRange? Window(ParseResult line) => (line.GetValue(Start), line.GetValue(End)) switch
    {
        (null, null) => null,
        ({ } first, { } last) when last >= first => new DayRange(first, last),
        ({ } first, { } last) => throw new PipelineException(string.Create(
            CultureInfo.InvariantCulture, $"The window ends on {last:yyyy-MM-dd}, before its start {first:yyyy-MM-dd}.")),
        _ => throw new PipelineException("A window needs both --date-start and --date-end."),
    };

    private static EnergyResolution? Resolution(ArgumentResult argument)
    {
        if (EnergyResolutions.Parse(argument.Tokens[0].Value) is { } resolution)
        {
            return resolution;
        }

        argument.AddError($"'{argument.Tokens[0].Value}' is no interval; expected 5m, 30m or 1h.");
        return null;
    }

    private static int? LookbackDays(ArgumentResult argument)
    {
        if (LakeSettings.LookbackOf(argument.Tokens[0].Value) is { } days)
        {
            return days;
        }

        argument.AddError($"'{argument.Tokens[0].Value}' is no lookback; expected whole days from 0 to 366.");
        return null;
    }

    internal static DateOnly? Day(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        argument.AddError($"'{text}' is no day; expected year-month-day, for example 2025-01-31.");
        return null;
    }

    private static IReadOnlyList<string> Codes(ArgumentResult argument) =>
    [
        .. argument.Tokens
            .SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(code => code.ToUpperInvariant())
            .Distinct(StringComparer.Ordinal),
    ];
}
