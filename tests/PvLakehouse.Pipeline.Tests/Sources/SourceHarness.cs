using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Sandbox;

namespace PvLakehouse.Pipeline.Tests.Sources;

/// <summary>The clients as a program composes them, against a scripted server and a clock that never makes a test
/// wait.</summary>
internal sealed class SourceHarness : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private readonly ServiceProvider _services;
    private readonly IAsyncDisposable? _server;

    private SourceHarness(IAsyncDisposable? server, SourceOptions options, JumpingClock? clock = null)
    {
        _server = server;
        Clock = clock ?? new(Now);
        Options = options;
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        services.AddSources(options, Archive);
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public static IngestBatch Batch { get; } = new("raw_test", "batch-1");

    public JumpingClock Clock { get; }

    public MemoryArchive Archive { get; } = new();

    public MemoryLog Log { get; } = new();

    public SourceOptions Options { get; }

    public OpenElectricityClient OpenElectricity => _services.GetRequiredService<OpenElectricityClient>();

    public OpenMeteoClient OpenMeteo => _services.GetRequiredService<OpenMeteoClient>();

    public static SourceHarness Over(StubServer server, Func<SourceOptions, SourceOptions>? configure = null) =>
        new(server, Configure(SourceOptions.Sandbox(server.Address, new Secret("sesame-1234567890")), configure));

    public static SourceHarness Over(
        SandboxServer server, JumpingClock clock, SourceOptions options, Func<SourceOptions, SourceOptions>? configure) =>
        new(server, Configure(options, configure), clock);

    public static SourceHarness Over(Uri address, Func<SourceOptions, SourceOptions>? configure = null) =>
        new(server: null, Configure(SourceOptions.Sandbox(address), configure));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private static SourceOptions Configure(SourceOptions options, Func<SourceOptions, SourceOptions>? configure)
    {
        options = options with
        {
            Transport = options.Transport with { Parallelism = 1, RetryCount = 3, AttemptTimeout = JumpingClock.Timeouts },
        };
        return configure is null ? options : configure(options);
    }
}

/// <summary>An archive that only remembers.</summary>
internal sealed class MemoryArchive : IBodyArchive
{
    private readonly ConcurrentQueue<PayloadRecord> _stored = new();

    public IReadOnlyList<PayloadRecord> Stored => [.. _stored];

    public Task<int> StoreAsync(PayloadRecord payload, CancellationToken cancellationToken)
    {
        _stored.Enqueue(payload);
        return Task.FromResult(_stored.Count);
    }

    public Task<PayloadRecord> ReadAsync(string dataset, string batchId, int number, CancellationToken cancellationToken) =>
        Task.FromResult(_stored.ElementAt(number - 1));

    public Task RecordAsync(string dataset, LoadRecord record, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<LoadRecord?> FindRecordAsync(string dataset, string name, CancellationToken cancellationToken) =>
        Task.FromResult<LoadRecord?>(null);

    public Task<IReadOnlyList<string>> RecordsAsync(string dataset, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public async IAsyncEnumerable<PayloadRecord> ReadAsync(
        string dataset, string batchId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var payload in _stored)
        {
            yield return payload;
        }
    }

    public Task BeginAsync(IngestBatch batch, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task EndAsync(string dataset, string batchId, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> UnfinishedAsync(string dataset, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public IAsyncEnumerable<ArchivedCall> CallsAsync(string dataset, string batchId, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<ArchivedCall>();
}

/// <summary>Everything that was logged, at every level.</summary>
internal sealed class MemoryLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue(formatter(state, exception) + exception);

    public void Dispose()
    {
    }
}
