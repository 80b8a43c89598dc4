using System.Globalization;
using Microsoft.Extensions.Logging;

namespace PvLakehouse.Pipeline.Sources.Http;

/// <summary>Keeps one provider's requests within its published limits: evenly spaced, and counted per clock
/// period.</summary>
internal sealed partial class RequestBudget(
    string provider, TransportOptions options, TimeProvider time, ILogger<RequestBudget> logger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private DateTimeOffset _nextStart = DateTimeOffset.MinValue;

    /// <summary>Time between the starts of two requests; zero does not space them.</summary>
    public TimeSpan Spacing { get; init; }

    /// <summary>The limits, smallest period first.</summary>
    public IReadOnlyList<BudgetWindow> Windows { get; init; } = [];

    /// <summary>Waits until a request of this cost may start, and charges it.</summary>
    /// <exception cref="SourceException">The limit opens again later than one is willing to wait.</exception>
    public async Task AcquireAsync(double cost, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                var now = time.GetUtcNow();
                var (start, reason) = EarliestStart(cost, now);
                if (start <= now)
                {
                    Charge(cost, now);
                    return;
                }

                if (start - now > options.LongestThrottleWait)
                {
                    throw new SourceException(SourceFault.LimitReached, provider, window: null, string.Create(
                        CultureInfo.InvariantCulture, $"{reason}; it opens again at {start:u}. Try again then."));
                }

                if (reason is not null)
                {
                    LogWait(provider, reason, start);
                }

                await Task.Delay(start - now, time, cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Refuses a plan that cannot be carried out before a limit that is too long to wait for, before its first
    /// request.</summary>
    /// <exception cref="SourceException">The plan costs more than what is left.</exception>
    public async Task RequireAsync(double cost, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            foreach (var window in Windows.Where(window => window.Period > options.LongestThrottleWait))
            {
                if (window.UsedAt(now) + cost > window.Limit)
                {
                    throw new SourceException(SourceFault.LimitReached, provider, window: null, string.Create(
                        CultureInfo.InvariantCulture,
                        $"the read costs {cost:0.#}, but {Used(window, now)}. Read a shorter window or fewer farms at a time; "
                        + $"the limit opens again at {window.NextAfter(now):u}."));
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private (DateTimeOffset Start, string? Reason) EarliestStart(double cost, DateTimeOffset now)
    {
        (DateTimeOffset Start, string? Reason) earliest = (_nextStart, null);
        foreach (var window in Windows)
        {
            if (!window.Fits(cost, now) && window.NextAfter(now) > earliest.Start)
            {
                earliest = (window.NextAfter(now), string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Used(window, now)} and the next request costs {cost:0.#}"));
            }
        }

        return earliest;
    }

    private static string Used(BudgetWindow window, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture, $"of {window.Limit:0.#} per {window.Name} {window.UsedAt(now):0.#} are used");

    private void Charge(double cost, DateTimeOffset now)
    {
        _nextStart = now + Spacing;
        foreach (var window in Windows)
        {
            window.Spend(cost, now);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Provider}: {Reason}; waiting until {Start:u}.")]
    private partial void LogWait(string provider, string reason, DateTimeOffset start);
}
