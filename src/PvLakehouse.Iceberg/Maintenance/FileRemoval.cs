using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>Removes files in batches and remembers which could not be removed.</summary>
/// <param name="io">Storage of the files.</param>
/// <param name="location">Where a file is.</param>
/// <param name="removed">Told of each file that is gone.</param>
internal sealed class FileRemoval<T>(IFileIO io, Func<T, string> location, Action<T> removed)
{
    // The most that S3 removes in one request.
    private const int BatchSize = 1000;

    private readonly List<T> _batch = new(BatchSize);

    /// <summary>Files that are still there.</summary>
    public long Failed { get; private set; }

    /// <summary>Why the first of them is.</summary>
    public string? FirstFailure { get; private set; }

    public async Task AddAsync(T file, CancellationToken cancellationToken)
    {
        _batch.Add(file);
        if (_batch.Count == BatchSize)
        {
            await FlushAsync(cancellationToken);
        }
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        try
        {
            await io.DeleteManyAsync([.. _batch.Select(location)], cancellationToken);
            _batch.ForEach(removed);
        }
        catch (IOException)
        {
            // Which ones failed is not told, so each is tried again alone.
            await OneByOneAsync(cancellationToken);
        }

        _batch.Clear();
    }

    private async Task OneByOneAsync(CancellationToken cancellationToken)
    {
        foreach (var file in _batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await io.DeleteAsync(location(file), cancellationToken);
                removed(file);
            }
            catch (IOException e)
            {
                Failed++;
                FirstFailure ??= e.Message;
            }
        }
    }
}
