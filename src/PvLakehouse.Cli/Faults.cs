using System.CommandLine;
using PvLakehouse.Engine;
using PvLakehouse.Forecasting;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Iceberg;
using PvLakehouse.Pipeline;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Sandbox;
using PvLakehouse.Sandbox.Csv;

namespace PvLakehouse.Cli;

/// <summary>Turns faults that a user can act on into one sentence and an exit code.</summary>
internal static class Faults
{
    /// <summary>Exit code of a command that could not do what was asked.</summary>
    public const int Failed = 1;

    /// <summary>Exit code after Ctrl-C, as shells expect it (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    /// <summary>Gives a command an action whose known faults end in a sentence on standard error.</summary>
    public static Command Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (line, cancellationToken) =>
        {
            try
            {
                return await action(line, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync("Stopped. What was committed is kept; run the same command again to go on.");
                return Interrupted;
            }
            catch (Exception fault) when (IsKnown(fault))
            {
                await Console.Error.WriteLineAsync(Sentence(fault));
                return Failed;
            }
        });
        return command;
    }

    private static bool IsKnown(Exception fault) => fault is PipelineException or ForecastingException or TrackingException or SourceException or SqlEngineException
        or IcebergException or SandboxException or CsvFormatException or LakeException or IOException or UnauthorizedAccessException;

    /// <summary>A full disk shows as the runtime's ENOSPC, or as text when DuckDB or SQLite met it; which file it was matters
    /// least.</summary>
    private static string Sentence(Exception fault) =>
        fault is IOException { HResult: 28 } || IsAbout(fault, "No space left on device") || IsAbout(fault, "database or disk is full")
            ? "The disk is full. What was committed is kept; make room and run the same command again."
            : fault.Message;

    private static bool IsAbout(Exception? fault, string text) =>
        fault is not null && (fault.Message.Contains(text, StringComparison.OrdinalIgnoreCase) || IsAbout(fault.InnerException, text));
}
