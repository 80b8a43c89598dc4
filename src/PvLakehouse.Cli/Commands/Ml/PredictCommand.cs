using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Forecasting;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Scoring;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary><c>pvlake ml predict</c>: issues forecasts and brings them into the star schema.</summary>
internal static class PredictCommand
{
    private static readonly Option<DateTimeOffset?> At = new("--at")
    {
        Description = "Issue as at this instant (ISO 8601; UTC without offset), for example 2025-12-20T00:00Z; by default when the lake's energy "
            + "ends, at most now.",
        HelpName = "INSTANT",
        CustomParser = Instant,
    };

    private static readonly Option<int?> Version = new("--model-version")
    {
        Description = "Number of a version in place of the champion.",
        HelpName = "N",
    };

    public static Command Build() => new Command(
        "predict", "Issues forecasts with the champion of each class: the newest issue, or all issues of a window of days.")
    {
        MlOptions.Horizons, At, CommonOptions.Start, CommonOptions.End, CommonOptions.Facilities, Version, MlOptions.Tracking,
    }
        .Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var window = CommonOptions.Window(line);
        if (window is not null && line.GetValue(At) is not null)
        {
            throw new ForecastingException("--at asks for one issue and a window of days for many; expected one of them.");
        }

        await using var lake = await OpenLake.ForWritingAsync(LakeConfiguration.Read(line), cancellationToken);
        await using var services = await lake.TrackingAsync(MlOptions.TrackingOf(line), cancellationToken);
        var issuer = new ForecastIssuer(lake.Lake, services);
        foreach (var horizon in await MlOptions.WithChampionAsync(line, services, cancellationToken))
        {
            var issued = window is { } days
                ? new IssueWindow(NetworkClock.Nem.StartOf(days.First).AddTicks(-1), NetworkClock.Nem.StartOf(days.Last.AddDays(1)).AddTicks(-1))
                : IssueWindow.Newest(horizon, line.GetValue(At) ?? await issuer.KnownUpToAsync(cancellationToken));
            var outcome = await issuer.RunAsync(
                new()
                {
                    Horizon = horizon,
                    Issued = issued,
                    Version = line.GetValue(Version),
                    Facilities = line.GetValue(CommonOptions.Facilities) is { Count: > 0 } codes ? codes : null,
                },
                cancellationToken);
            await WriteAsync(horizon, issued, outcome);
        }

        await new LakeModels(lake.Lake).RunForecastsAsync(cancellationToken);
        return 0;
    }

    private static DateTimeOffset? Instant(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            return instant;
        }

        result.AddError($"'{text}' is no instant; expected ISO 8601, for example 2025-12-20T00:00Z.");
        return null;
    }

    private static async Task WriteAsync(Horizon horizon, IssueWindow issued, IssueOutcome outcome)
    {
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{horizon}: {outcome.Issued:N0} hours forecast by {outcome.Version.Name} version {outcome.Version.Version}, issued {issued}"
            + $"{(outcome.Kept > 0 ? $"; {outcome.Kept:N0} had been issued before and stay as they were" : "")}."));
        foreach (var note in outcome.Notes)
        {
            await Console.Out.WriteLineAsync(note);
        }
    }
}
