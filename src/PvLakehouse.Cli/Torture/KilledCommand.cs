using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PvLakehouse.Cli.Torture;

/// <summary>A pvlake in a process of its own that may be killed.</summary>
internal static partial class KilledCommand
{
    /// <summary>Runs a command; kills it, as a power cut would, when it takes longer than it may.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="killAfter">When it is killed; null lets it end.</param>
    /// <param name="cancellationToken">Kills it at once.</param>
    public static async Task<CommandEnd> RunAsync(IReadOnlyList<string> arguments, TimeSpan? killAfter, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var wasKilled = false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (killAfter is { } patience)
        {
            limit.CancelAfter(patience);
        }

        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            wasKilled = true;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new(wasKilled ? null : process.ExitCode, await output, await error, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>The rows that a command said it had added to bronze tables: they are committed, whatever came after.</summary>
    public static IReadOnlyDictionary<string, long> Acknowledged(string output) => Loaded().Matches(output)
        .GroupBy(line => line.Groups["table"].Value, StringComparer.Ordinal)
        .ToDictionary(
            table => table.Key,
            table => table.Sum(line => long.Parse(line.Groups["rows"].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)),
            StringComparer.Ordinal);

    private static Process Start(IReadOnlyList<string> arguments)
    {
        var program = Environment.ProcessPath ?? throw new LakeException(
            "The path of this program is not known, so it cannot be started again.");
        var isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        string[] self = isHost ? [Path.Combine(AppContext.BaseDirectory, "pvlake.dll")] : [];
        var start = new ProcessStartInfo(program, self.Concat(arguments)) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start) ?? throw new LakeException($"{program} could not be started.");
    }

    [GeneratedRegex(@"^(?<table>bronze\.\w+)\s+(?<rows>[\d,]+) rows? new", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Loaded();
}

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">What it returned; null when it was killed.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">What it complained of.</param>
/// <param name="Elapsed">How long it ran.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CommandEnd(int? ExitCode, string Output, string Error, TimeSpan Elapsed);
