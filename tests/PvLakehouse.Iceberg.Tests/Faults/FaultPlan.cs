namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>Counts the steps of storage and catalog together and lets one of them go wrong.</summary>
internal sealed class FaultPlan
{
    private FaultKind _kind;
    private int _at = -1;
    private CancellationTokenSource? _patience;

    /// <summary>Steps since the start.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether the step came and went wrong.</summary>
    public bool Triggered => Step is not null;

    /// <summary>What the step was that went wrong; null until then.</summary>
    public string? Step { get; private set; }

    private bool IsDead => Triggered && _kind is (FaultKind.DiesBefore or FaultKind.DiesAfter);

    /// <summary>From here on the step of this number goes wrong.</summary>
    /// <param name="patience">Cancelled when a step hangs.</param>
    public void Start(FaultKind kind, int at, CancellationTokenSource patience) =>
        (_kind, _at, _patience, Steps, Step) = (kind, at, patience, 0, null);

    /// <summary>From here on everything works.</summary>
    public void Stop() => (_at, Step) = (-1, null);

    /// <summary>Goes through one step.</summary>
    /// <param name="name">Its name in messages.</param>
    /// <param name="work">What it does.</param>
    /// <param name="failure">How its failure looks to the caller; told whether the work was done.</param>
    /// <param name="cancellationToken">A step that cannot be cancelled does not hang.</param>
    public async Task<T> RunAsync<T>(
        string name, Func<Task<T>> work, Func<bool, T> failure, CancellationToken cancellationToken)
    {
        if (IsDead)
        {
            return failure(false);
        }

        var hangs = _kind is FaultKind.HangsBefore or FaultKind.HangsAfter;
        if (Steps++ != _at || (hangs && !cancellationToken.CanBeCanceled))
        {
            return await work();
        }

        var before = _kind is FaultKind.FailsBefore or FaultKind.DiesBefore or FaultKind.HangsBefore;
        if (!before)
        {
            await work();
        }

        Step = $"{_kind} {name}";
        return hangs ? await HangAsync<T>(cancellationToken) : failure(!before);
    }

    private async Task<T> HangAsync<T>(CancellationToken cancellationToken)
    {
        await _patience!.CancelAsync();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("A cancelled wait came back.");
    }
}
