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
}
