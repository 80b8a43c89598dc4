using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace PvLakehouse.Pipeline.Sources.Archive;

/// <summary>Bodies as gzip files under root/dataset/batch/NNNN.json.gz.</summary>
/// <remarks>
/// A file holds one line of JSON that describes the call (source, address, status, time, farms, window, length), a line
/// feed, and then the body exactly as received: <c>zcat 0001.json.gz | tail -n +2</c> prints it. One file, not two, so that
/// description and body cannot part. A file appears under its name only when it is complete and flushed to disk. Beside the
/// bodies lies a <c>load-NNNN.json</c> for every commit that was made of them.
/// </remarks>
/// <param name="root">Folder of the archive; created when the first body is stored.</param>
public sealed class FolderBodyArchive(string root) : IBodyArchive
{
    private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<int> StoreAsync(PayloadRecord payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payload);
        var folder = FolderOf(payload.Batch.Dataset, payload.Batch.Id);
        Directory.CreateDirectory(folder);
        var number = _counters.GetOrAdd(folder, _ => new(LastNumber(folder))).Next();
        var path = Path.Combine(folder, FileOf(number));
        var unfinished = path + ".tmp";
        try
        {
            await WriteAsync(unfinished, payload, cancellationToken);
            File.Move(unfinished, path);
            return number;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PayloadRecord> ReadAsync(
        string dataset, string batchId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = FolderOf(dataset, batchId);
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        var batch = new IngestBatch(dataset, batchId);
        foreach (var (_, path) in Numbered(folder).OrderBy(file => file.Number))
        {
            yield return await ArchivedBody.ReadAsync(File.OpenRead(path), path, batch, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<PayloadRecord> ReadAsync(string dataset, string batchId, int number, CancellationToken cancellationToken)
    {
        var path = Path.Combine(FolderOf(dataset, batchId), FileOf(number));
        return File.Exists(path)
            ? await ArchivedBody.ReadAsync(File.OpenRead(path), path, new(dataset, batchId), cancellationToken)
            : throw ArchivedBody.Missing(path);
    }

    /// <inheritdoc/>
    public async Task RecordAsync(string dataset, LoadRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var path = PathOf(dataset, record.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        await file.WriteAsync(record.ToBytes(), cancellationToken);
        file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public async Task<LoadRecord?> FindRecordAsync(string dataset, string name, CancellationToken cancellationToken)
    {
        var path = PathOf(dataset, name);
        return File.Exists(path) ? LoadRecord.From(await File.ReadAllBytesAsync(path, cancellationToken), path) : null;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> RecordsAsync(string dataset, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(root, ArchivedBody.Segment(dataset));
        return Task.FromResult<IReadOnlyList<string>>(Directory.Exists(folder)
            ?
            [
                .. from batch in Directory.EnumerateDirectories(folder)
                   from file in Directory.EnumerateFiles(batch)
                   let name = LoadRecord.NameIn(Path.GetFileName(batch), Path.GetFileName(file))
                   where name is not null
                   select name,
            ]
            : []);
    }

    /// <inheritdoc/>
    public async Task BeginAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var folder = FolderOf(batch.Dataset, ArchivedBody.Unfinished);
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, ArchivedBody.Segment(batch.Id)), [], cancellationToken);
    }

    /// <inheritdoc/>
    public Task EndAsync(string dataset, string batchId, CancellationToken cancellationToken)
    {
        var folder = FolderOf(dataset, ArchivedBody.Unfinished);
        if (Directory.Exists(folder))
        {
            File.Delete(Path.Combine(folder, ArchivedBody.Segment(batchId)));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> UnfinishedAsync(string dataset, CancellationToken cancellationToken)
    {
        var folder = FolderOf(dataset, ArchivedBody.Unfinished);
        return Task.FromResult<IReadOnlyList<string>>(
            Directory.Exists(folder)
                ? [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]
                : []);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArchivedCall> CallsAsync(
        string dataset, string batchId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = FolderOf(dataset, batchId);
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        var batch = new IngestBatch(dataset, batchId);
        foreach (var (_, path) in Numbered(folder).OrderBy(file => file.Number))
        {
            yield return await ArchivedBody.ReadCallAsync(
                File.OpenRead(path), path, token => ArchivedBody.ReadAsync(File.OpenRead(path), path, batch, token), cancellationToken);
        }
    }

    private static async Task WriteAsync(string path, PayloadRecord payload, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        await ArchivedBody.WriteAsync(file, payload, cancellationToken);
        file.Flush(flushToDisk: true);
    }

    private static string FileOf(int number) => number.ToString("D4", CultureInfo.InvariantCulture) + ArchivedBody.Extension;

    private string PathOf(string dataset, string record) => Path.Combine(root, ArchivedBody.Segment(dataset), LoadRecord.PathOf(record));

    private string FolderOf(string dataset, string batchId) =>
        Path.Combine(root, ArchivedBody.Segment(dataset), ArchivedBody.Segment(batchId));

    private static int LastNumber(string folder) =>
        Numbered(folder).Select(file => file.Number).DefaultIfEmpty(0).Max();

    /// <summary>The archive's own files; whatever else lies in the folder is not ours to judge.</summary>
    private static IEnumerable<(int Number, string Path)> Numbered(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*" + ArchivedBody.Extension))
        {
            var name = Path.GetFileName(path.AsSpan())[..^ArchivedBody.Extension.Length];
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                yield return (number, path);
            }
        }
    }

    private sealed class Counter(int last)
    {
        private int _last = last;

        public int Next() => Interlocked.Increment(ref _last);
    }
}
