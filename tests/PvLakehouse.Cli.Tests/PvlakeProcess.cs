using System.Diagnostics;
using System.Text;

namespace PvLakehouse.Cli.Tests;

/// <summary>The command line as a process of its own, as a user runs it.</summary>
internal sealed class PvlakeProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private PvlakeProcess(Process process) => _process = process;

    /// <summary>What was printed to standard output so far.</summary>
    public string Output => Text(_output);

    /// <summary>What was printed to standard error so far.</summary>
    public string Error => Text(_error);

    public int ExitCode => _process.ExitCode;

    /// <summary>Runs a command to its end.</summary>
    public static Task<PvlakeProcess> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        RunAsync(new Dictionary<string, string>(), cancellationToken, arguments);

    /// <summary>Runs a command to its end, with variables in its environment.</summary>
    public static async Task<PvlakeProcess> RunAsync(
        IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken, params string[] arguments)
    {
        var process = Start(onLine: null, environment, arguments);
        await process.WaitAsync(cancellationToken);
        return process;
    }

    /// <summary>Starts a command.</summary>
    /// <param name="onLine">Told of every line of standard output.</param>
    /// <param name="arguments">The command line.</param>
    public static PvlakeProcess Start(Action<string>? onLine, params string[] arguments) =>
        Start(onLine, new Dictionary<string, string>(), arguments);

    private static PvlakeProcess Start(Action<string>? onLine, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        // A shell lets what it starts in the background ignore Ctrl-C, tests included; the command shall not inherit that.
        string[] heeding = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(heeding[0], heeding.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("OPENELECTRICITY_API_KEY");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "pvlake.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var run = new PvlakeProcess(new Process { StartInfo = start });
        run._process.OutputDataReceived += (_, line) => Keep(run._output, line.Data, onLine);
        run._process.ErrorDataReceived += (_, line) => Keep(run._error, line.Data, onLine: null);
        run._process.Start();
        run._process.BeginOutputReadLine();
        run._process.BeginErrorReadLine();
        return run;
    }

    /// <summary>Waits for the end of the command.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Sends a signal: INT is what Ctrl-C sends, KILL leaves no time for anything.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static string Text(StringBuilder lines)
    {
        lock (lines)
        {
            return lines.ToString();
        }
    }

    private static void Keep(StringBuilder lines, string? line, Action<string>? onLine)
    {
        if (line is null)
        {
            return;
        }

        lock (lines)
        {
            lines.Append(line).Append('\n');
        }

        onLine?.Invoke(line);
    }
}
