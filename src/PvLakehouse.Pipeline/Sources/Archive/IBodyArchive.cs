namespace PvLakehouse.Pipeline.Sources.Archive;

/// <summary>Keeps the raw bodies of successful calls, so that bronze can be rebuilt without the API.</summary>
public interface IBodyArchive
{
    /// <summary>Stores one body; when the call returns, it is on disk.</summary>
    /// <exception cref="IOException">The body could not be written; nothing of it is left.</exception>
    Task StoreAsync(PayloadRecord payload, CancellationToken cancellationToken);

    /// <summary>The bodies of a batch in the order they were stored; none when the batch is unknown.</summary>
    /// <exception cref="SourceException">A stored file is damaged.</exception>
    IAsyncEnumerable<PayloadRecord> ReadAsync(string dataset, string batchId, CancellationToken cancellationToken);

    /// <summary>Notes that a load begins: until it ends, its bodies are those of an interrupted load.</summary>
    Task BeginAsync(IngestBatch batch, CancellationToken cancellationToken);

    /// <summary>Notes that a load has ended, all of it committed; nothing when it never began.</summary>
    Task EndAsync(string dataset, string batchId, CancellationToken cancellationToken);

    /// <summary>Ids of the loads that began and did not end, oldest first.</summary>
    Task<IReadOnlyList<string>> UnfinishedAsync(string dataset, CancellationToken cancellationToken);

    /// <summary>The calls of a batch, without their bodies; none when the batch is unknown.</summary>
    /// <exception cref="SourceException">A stored file is damaged.</exception>
    IAsyncEnumerable<ArchivedCall> CallsAsync(string dataset, string batchId, CancellationToken cancellationToken);
}
