namespace PvLakehouse.Sandbox.Plans;

/// <summary>Open-Meteo's call budget and queue for its one client address, this machine.</summary>
/// <remarks>
/// Counters start again on the wall clock: each minute, hour, UTC day and month. The check comes before a call and the charge after it,
/// so a heavy call may overshoot.
/// </remarks>
internal sealed class WeatherQuota(PlanLimits limits, TimeProvider clock) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _running = new(1);
    private readonly double[] _used = new double[4];
    private readonly long[] _period = new long[4];
    private int _present;

    /// <summary>Waits for a turn. Null when the queue is full; else dispose to leave.</summary>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancellationToken)
    {
        if (limits.WeatherConcurrency is not { } most)
        {
            return new Turn(null);
        }

        if (Interlocked.Increment(ref _present) > most)
        {
            Interlocked.Decrement(ref _present);
            return null;
        }

        try
        {
            await _running.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Decrement(ref _present);
            throw;
        }

        return new Turn(this);
    }

    /// <summary>Why no call may start now, in the server's words; null when one may.</summary>
    public string? Refusal()
    {
        if (limits.WeatherCalls is not { } most)
        {
            return null;
        }

        lock (_lock)
        {
            Turnover();
            return this switch
            {
                _ when _used[0] >= most.PerMinute => "Minutely API request limit exceeded. Please try again in one minute.",
                _ when _used[1] >= most.PerHour => "Hourly API request limit exceeded. Please try again in the next hour.",
                _ when _used[2] >= most.PerDay => "Daily API request limit exceeded. Please try again tomorrow.",
                _ when _used[3] >= most.PerMonth => "Monthly API request limit exceeded.",
                _ => null,
            };
        }
    }

    /// <summary>Whether one call of this weight is more than the plan ever allows.</summary>
    public bool IsTooHeavy(double weight) => weight > limits.WeatherCalls?.PerHour;

    /// <summary>Charges a finished call; a failed one weighs 1.</summary>
    public void Charge(double weight)
    {
        lock (_lock)
        {
            Turnover();
            for (var i = 0; i < _used.Length; i++)
            {
                _used[i] += weight;
            }
        }
    }

    public void Dispose() => _running.Dispose();

    private void Turnover()
    {
        var now = clock.GetUtcNow();
        var seconds = now.ToUnixTimeSeconds();
        Span<long> periods = [seconds / 60, seconds / 3_600, seconds / 86_400, (now.Year * 12L) + now.Month];
        for (var i = 0; i < periods.Length; i++)
        {
            if (_period[i] != periods[i])
            {
                _period[i] = periods[i];
                _used[i] = 0;
            }
        }
    }

    private sealed class Turn(WeatherQuota? quota) : IDisposable
    {
        public void Dispose()
        {
            if (quota is not null)
            {
                quota._running.Release();
                Interlocked.Decrement(ref quota._present);
            }
        }
    }
}
