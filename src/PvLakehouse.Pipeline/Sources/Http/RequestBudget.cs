using System.Globalization;
using Microsoft.Extensions.Logging;

namespace PvLakehouse.Pipeline.Sources.Http;

/// <summary>Keeps one provider's requests within its published limits: evenly spaced, and counted per clock
/// period.</summary>
internal sealed partial class RequestBudget(
    string provider, TransportOptions options, TimeProvider time, ILogger<RequestBudget> logger, IUsageStore usage) : IDisposable
{
    // The newest of about ten requests weigh most.
    private const double WeightOfNewest = 0.1;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private DateTimeOffset _nextStart = DateTimeOffset.MinValue;
    private double? _secondsPerRequest;

    /// <summary>Time between the starts of two requests; zero does not space them.</summary>
    public TimeSpan Spacing { get; init; }

    /// <summary>The limits, smallest period first.</summary>
    public IReadOnlyList<BudgetWindow> Windows
    {
        get;
        init
        {
            field = value;
            var before = usage.Read(provider);
            _secondsPerRequest = before.SecondsPerRequest;
            foreach (var window in value)
            {
                if (before.Spent.TryGetValue(window.Name, out var spent))
                {
                    window.Resume(spent);
                }
            }
        }
    }
        = [];

    /// <summary>The provider whose limits these are.</summary>
    public string Provider => provider;

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

    /// <summary>Notes how long an answer took.</summary>
    public void Learn(TimeSpan answer) => _secondsPerRequest = _secondsPerRequest is { } known
        ? known + (WeightOfNewest * (answer.TotalSeconds - known))
        : answer.TotalSeconds;

    /// <summary>What a number of requests takes of the limits and of time.</summary>
    public BudgetForecast Forecast(int requests, double cost)
    {
        var now = time.GetUtcNow();
        var slowest = Windows.Where(window => window.Period is BudgetPeriod.Minute or BudgetPeriod.Hour)
            .Select(window => (window.NextAfter(now) - now) * Math.Max(0, Math.Ceiling((window.UsedAt(now) + cost) / window.Limit) - 1))
            .Append(Spacing * Math.Max(0, requests - 1))
            .Append(TimeSpan.FromSeconds((_secondsPerRequest ?? 0) * requests / Math.Max(1, options.Parallelism)))
            .Max();
        return new(provider, requests, cost, slowest)
        {
            Limits =
            [
                .. Windows.Where(window => window.Period is BudgetPeriod.Day or BudgetPeriod.Month)
                    .Select(window => new LongLimit(window.Name, window.Limit, Math.Max(0, window.Limit - window.UsedAt(now)))),
            ],
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_secondsPerRequest is not null)
        {
            Keep(time.GetUtcNow());
        }

        _turn.Dispose();
    }

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

        Keep(now);
    }

    /// <summary>Writes down what was spent of the limits that outlast a process, before the request goes out.</summary>
    private void Keep(DateTimeOffset now)
    {
        var lasting = Windows.Where(window => window.Period != BudgetPeriod.Minute)
            .ToDictionary(window => window.Name, window => window.SpentAt(now), StringComparer.Ordinal);
        usage.Write(provider, new() { Spent = lasting, SecondsPerRequest = _secondsPerRequest });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Provider}: {Reason}; waiting until {Start:u}.")]
    private partial void LogWait(string provider, string reason, DateTimeOffset start);
}
