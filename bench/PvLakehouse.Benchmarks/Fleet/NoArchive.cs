using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;

namespace PvLakehouse.Benchmarks.Fleet;

/// <summary>The archive of a source that has no bodies to keep.</summary>
internal sealed class NoArchive : IBodyArchive
{
    public static NoArchive Instance { get; } = new();

    public Task<int> StoreAsync(PayloadRecord payload, CancellationToken cancellationToken) => Task.FromResult(1);

    public Task<PayloadRecord> ReadAsync(string dataset, string batchId, int number, CancellationToken cancellationToken) =>
        throw new SourceException(SourceFault.BadPayload, "archive", window: null, "this archive keeps nothing.");

    public Task RecordAsync(string dataset, LoadRecord record, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<LoadRecord?> FindRecordAsync(string dataset, string name, CancellationToken cancellationToken) =>
        Task.FromResult<LoadRecord?>(null);

    public Task<IReadOnlyList<string>> RecordsAsync(string dataset, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public IAsyncEnumerable<PayloadRecord> ReadAsync(string dataset, string batchId, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<PayloadRecord>();

    public Task BeginAsync(IngestBatch batch, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task EndAsync(string dataset, string batchId, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> UnfinishedAsync(string dataset, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public IAsyncEnumerable<ArchivedCall> CallsAsync(string dataset, string batchId, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<ArchivedCall>();
}
