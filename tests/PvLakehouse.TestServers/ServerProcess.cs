using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PvLakehouse.TestServers;

/// <summary>A server that runs as long as a test needs it, and never longer than the test program itself.</summary>
/// <remarks>
/// A small shell stands between: it ends the server when the pipe from the test program closes, which also happens when
/// that program is killed. The kernel ends the server when the shell is killed.
/// </remarks>
public sealed partial class ServerProcess : IAsyncDisposable
{
    /// <summary>Signals by their numbers on Linux.</summary>
    private const int Terminate = 15;
    private const int Kill = 9;
    private const int Stop = 19;
    private const int Continue = 18;

    private const string Guard =
        """
        folder=$1 log=$2 last=$3; shift 3
        exec 3<&0 2>>"$log"
        "$@" >>"$log" 2>&1 </dev/null 3<&- & pid=$!
        (
          cat <&3 >/dev/null
          trap '' TERM
          kill -CONT $pid; kill -"$last" $pid
          while kill -0 $pid; do sleep 0.05; done
          rm -rf "$folder"
        ) >/dev/null 2>&1 & watcher=$!
        echo $pid
        wait $pid; code=$?
        kill $watcher 2>/dev/null
        exit $code
        """;

    private readonly Process _guard;

    private ServerProcess(Process guard, int id)
    {
        _guard = guard;
        Id = id;
    }

    /// <summary>The server's process id.</summary>
    public int Id { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _guard.HasExited;

    /// <summary>Starts a server.</summary>
    /// <param name="folder">Its folder, removed when the test program ends without stopping the server.</param>
    /// <param name="log">File that takes what it prints.</param>
    /// <param name="user">Whom it runs as; null: as the tests do.</param>
    /// <param name="lastSignal">What ends it when the test program is gone.</param>
    /// <param name="command">Program and arguments.</param>
    public static async Task<ServerProcess> StartAsync(
        string folder, string log, string? user, string lastSignal, params string[] command)
    {
        string[] identity = user is null ? [] : ["--reuid", user, "--regid", user, "--init-groups"];
        var start = new ProcessStartInfo("sh", ["-c", Guard, "guard", folder, log, lastSignal,
            "setpriv", .. identity, "--pdeathsig", lastSignal, "--", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        var guard = Process.Start(start)!;
        var id = await guard.StandardOutput.ReadLineAsync();
        return new(guard, int.Parse(id!, CultureInfo.InvariantCulture));
    }

    /// <summary>Freezes the server: connections stay open and nobody answers.</summary>
    public void Pause() => Send(Stop);

    /// <summary>Lets a frozen server go on.</summary>
    public void Resume() => Send(Continue);

    /// <summary>Ends the server at once, as a crash would.</summary>
    public async Task KillAsync()
    {
        Send(Kill);
        await _guard.WaitForExitAsync();
    }

    /// <summary>Asks the server to end, and ends it when it does not.</summary>
    /// <param name="patience">How long it may take.</param>
    /// <param name="signal">Number of the signal that asks.</param>
    public async Task StopAsync(TimeSpan patience, int signal = Terminate)
    {
        Send(signal);
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await _guard.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasEnded)
        {
            Resume();
            await KillAsync();
        }

        _guard.Dispose();
    }

    private void Send(int signal)
    {
        if (!_guard.HasExited)
        {
            _ = SendSignal(Id, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}
