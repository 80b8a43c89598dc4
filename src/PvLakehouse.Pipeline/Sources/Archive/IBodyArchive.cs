namespace PvLakehouse.Pipeline.Sources.Archive;

/// <summary>Keeps the raw bodies of successful calls, so that bronze can be rebuilt without the API.</summary>
public interface IBodyArchive
{
    /// <summary>Stores one body; when the call returns, it is on disk.</summary>
    /// <returns>The body's number in its batch, from 1.</returns>
    /// <exception cref="IOException">The body could not be written; nothing of it is left.</exception>
    Task<int> StoreAsync(PayloadRecord payload, CancellationToken cancellationToken);

    /// <summary>The bodies of a batch in the order they were stored; none when the batch is unknown.</summary>
    /// <exception cref="SourceException">A stored file is damaged.</exception>
    IAsyncEnumerable<PayloadRecord> ReadAsync(string dataset, string batchId, CancellationToken cancellationToken);

    /// <summary>Reads one body of a batch.</summary>
    /// <exception cref="SourceException">The stored file is missing or damaged.</exception>
    Task<PayloadRecord> ReadAsync(string dataset, string batchId, int number, CancellationToken cancellationToken);

    /// <summary>Notes what a commit to bronze is made of; when the call returns, it is on disk.</summary>
    Task RecordAsync(string dataset, LoadRecord record, CancellationToken cancellationToken);

    /// <summary>The record of a name; null when there is none.</summary>
    /// <exception cref="SourceException">The stored file is damaged.</exception>
    Task<LoadRecord?> FindRecordAsync(string dataset, string name, CancellationToken cancellationToken);

    /// <summary>The names of all records of a dataset, in no order.</summary>
    Task<IReadOnlyList<string>> RecordsAsync(string dataset, CancellationToken cancellationToken);

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
