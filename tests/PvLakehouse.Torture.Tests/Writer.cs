using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PvLakehouse.Torture;

/// <summary>One process that writes, and whose words go into the ledger.</summary>
internal sealed class Writer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Task _listening;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _busy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _busyAfter;
    private bool _saidBye;

    private Writer(Process process, int number, int busyAfter, Ledger ledger)
    {
        _process = process;
        _busyAfter = busyAfter;
        _listening = Task.WhenAll(Task.Run(() => ListenAsync(number, ledger)), Task.Run(CollectErrorsAsync));
    }

    /// <summary>Starts a writer.</summary>
    /// <param name="lake">Where it writes.</param>
    /// <param name="number">Its number, a stamp of its rows.</param>
    /// <param name="first">Number of its first row.</param>
    /// <param name="seed">Decides what it does.</param>
    /// <param name="ledger">Takes down what it says.</param>
    /// <param name="busyAfter">Number of words about operations after which it counts as busy.</param>
    public static Writer Start(TortureFolder lake, int number, long first, int seed, Ledger ledger, int busyAfter = 1)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "TortureWorker"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in new[]
        {
            lake.Catalog, lake.Warehouse, number.ToString(CultureInfo.InvariantCulture),
            first.ToString(CultureInfo.InvariantCulture), seed.ToString(CultureInfo.InvariantCulture),
        })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_TieredPGO"] = "0";
        return new Writer(Process.Start(start)!, number, busyAfter, ledger);
    }

    /// <summary>Waits until it is about to begin its first operation.</summary>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public Task ReadyAsync(CancellationToken cancellationToken) => HeardAsync(_ready.Task, cancellationToken);

    /// <summary>Waits until it is in the middle of its work.</summary>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public Task BusyAsync(CancellationToken cancellationToken) => HeardAsync(_busy.Task, cancellationToken);

    /// <summary>Kills it (SIGKILL) and waits until all it said is in the ledger.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _listening;
    }

    /// <summary>Asks it to end after its current operation, and waits.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(cancellationToken);
        await _listening;
        if (_process.ExitCode != 0 || !_saidBye)
        {
            throw new InvalidOperationException($"The writer ended with code {_process.ExitCode}. {_errors}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task HeardAsync(Task word, CancellationToken cancellationToken)
    {
        await Task.WhenAny(word, _listening).WaitAsync(cancellationToken);
        if (!word.IsCompleted)
        {
            throw new InvalidOperationException($"The writer ended too early. {_errors}");
        }
    }

    private async Task ListenAsync(int number, Ledger ledger)
    {
        var words = 0;
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            switch (line)
            {
                case "ready":
                    _ready.TrySetResult();
                    break;
                case "bye":
                    _saidBye = true;
                    break;
                default:
                    ledger.Enter(number, line);
                    if (++words >= _busyAfter)
                    {
                        _busy.TrySetResult();
                    }

                    break;
            }
        }
    }

    private async Task CollectErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _errors.AppendLine(line);
        }
    }
}
