using System.Collections.Concurrent;
using System.Diagnostics;

namespace PvLakehouse.Forecasting.Tests.Tracking;

/// <summary>A process that tracks and registers until it is killed, and what it said.</summary>
internal sealed class TrackingWorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _busy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _errors;
    private readonly Task _listening;

    private TrackingWorkerProcess(Process process, int busyAfter)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _listening = ListenAsync(busyAfter);
    }

    /// <summary>What it said, in order.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <param name="folder">Where it works.</param>
    /// <param name="busyAfter">Number of lines after which it counts as busy.</param>
    public static TrackingWorkerProcess Start(string folder, int busyAfter) => new(
        Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "TrackingWorker"), [folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_TieredPGO"] = "0" },
        })!,
        busyAfter);

    /// <summary>Waits until it is in the middle of its work.</summary>
    public async Task BusyAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(_busy.Task, _listening).WaitAsync(Patience, cancellationToken);
        Assert.True(_busy.Task.IsCompleted, _process.HasExited ? await _errors : "The worker says nothing more.");
    }

    /// <summary>Kills it (SIGKILL) and waits until all it said was heard.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _listening;
        Assert.Equal("", await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        await _listening;
        _process.Dispose();
    }

    private async Task ListenAsync(int busyAfter)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
            if (_lines.Count == busyAfter)
            {
                _busy.TrySetResult();
            }
        }
    }
}
