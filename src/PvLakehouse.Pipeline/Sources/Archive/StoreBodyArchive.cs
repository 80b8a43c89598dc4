using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Pipeline.Sources.Archive;

/// <summary>Bodies as gzip objects of any store, under root/dataset/batch/NNNN.json.gz, in the form of
/// <see cref="FolderBodyArchive"/>.</summary>
/// <remarks>
/// Storing needs no right to list: a number that is taken shows when it is written. Without that right, interrupted loads ask again.
/// Stores show objects only when they are complete.
/// </remarks>
/// <param name="io">The store.</param>
/// <param name="root">Location of the archive.</param>
public sealed class StoreBodyArchive(IFileIO io, string root) : IBodyArchive
{
    private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<int> StoreAsync(PayloadRecord payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payload);
        var folder = FolderOf(payload.Batch.Dataset, payload.Batch.Id);
        var counter = _counters.GetOrAdd(folder, _ => new Counter());
        while (true)
        {
            var number = counter.Next();
            try
            {
                await WriteAsync(
                    $"{folder}/{FileOf(number)}",
                    content => ArchivedBody.WriteAsync(content, payload, cancellationToken),
                    cancellationToken);
                return number;
            }
            catch (AlreadyExistsException)
            {
                // An earlier process wrote bodies of this batch: go on behind them.
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PayloadRecord> ReadAsync(
        string dataset, string batchId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batch = new IngestBatch(dataset, batchId);
        foreach (var location in await BodiesAsync(dataset, batchId, cancellationToken))
        {
            yield return await ReadAsync(location, batch, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<PayloadRecord> ReadAsync(string dataset, string batchId, int number, CancellationToken cancellationToken)
    {
        var location = $"{FolderOf(dataset, batchId)}/{FileOf(number)}";
        try
        {
            return await ReadAsync(location, new IngestBatch(dataset, batchId), cancellationToken);
        }
        catch (FileNotFoundException)
        {
            throw ArchivedBody.Missing(location);
        }
    }

    /// <inheritdoc/>
    public Task RecordAsync(string dataset, LoadRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return WriteAsync(
            LocationOf(dataset, record.Name),
            content => content.WriteAsync(record.ToBytes(), cancellationToken).AsTask(),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<LoadRecord?> FindRecordAsync(string dataset, string name, CancellationToken cancellationToken)
    {
        var location = LocationOf(dataset, name);
        using var bytes = new MemoryStream();
        try
        {
            await using var content = await io.OpenReadAsync(location, cancellationToken);
            await content.CopyToAsync(bytes, cancellationToken);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        return LoadRecord.From(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), location);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> RecordsAsync(string dataset, CancellationToken cancellationToken)
    {
        var folder = $"{root.TrimEnd('/')}/{ArchivedBody.Segment(dataset)}";
        return await io.ListAsync(folder, cancellationToken)
            .Select(file => file.Location[(folder.Length + 1)..].Split('/'))
            .Select(parts => parts is [var batch, var file] ? LoadRecord.NameIn(batch, file) : null)
            .OfType<string>()
            .ToListAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task BeginAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var location = $"{FolderOf(batch.Dataset, ArchivedBody.Unfinished)}/{ArchivedBody.Segment(batch.Id)}";
        await using var file = await io.CreateAsync(location, cancellationToken);
        await file.CompleteAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task EndAsync(string dataset, string batchId, CancellationToken cancellationToken) =>
        io.DeleteManyAsync([$"{FolderOf(dataset, ArchivedBody.Unfinished)}/{ArchivedBody.Segment(batchId)}"], cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> UnfinishedAsync(string dataset, CancellationToken cancellationToken)
    {
        var files = io.ListAsync(FolderOf(dataset, ArchivedBody.Unfinished), cancellationToken);
        try
        {
            return await files.Select(file => NameOf(file.Location))
                .OrderBy(name => name, StringComparer.Ordinal).ToListAsync(cancellationToken);
        }
        catch (IOException)
        {
            // Who may not list finds no answers of interrupted loads, and asks again.
            return [];
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArchivedCall> CallsAsync(
        string dataset, string batchId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batch = new IngestBatch(dataset, batchId);
        foreach (var location in await BodiesAsync(dataset, batchId, cancellationToken))
        {
            yield return await ArchivedBody.ReadCallAsync(
                await io.OpenReadAsync(location, cancellationToken),
                location,
                token => ReadAsync(location, batch, token),
                cancellationToken);
        }
    }

    private static string FileOf(int number) => number.ToString("D4", CultureInfo.InvariantCulture) + ArchivedBody.Extension;

    private string LocationOf(string dataset, string record) =>
        $"{root.TrimEnd('/')}/{ArchivedBody.Segment(dataset)}/{LoadRecord.PathOf(record)}";

    private async Task WriteAsync(string location, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        await using var file = await io.CreateAsync(location, cancellationToken);
        await write(file.Content);
        await file.CompleteAsync(cancellationToken);
        await io.PersistAsync([location], cancellationToken);
    }

    private static string NameOf(string location) => location[(location.LastIndexOf('/') + 1)..];

    private async Task<PayloadRecord> ReadAsync(string location, IngestBatch batch, CancellationToken cancellationToken) =>
        await ArchivedBody.ReadAsync(await io.OpenReadAsync(location, cancellationToken), location, batch, cancellationToken);

    /// <summary>Where the bodies of a batch are, in the order they were stored.</summary>
    private async Task<IEnumerable<string>> BodiesAsync(string dataset, string batchId, CancellationToken cancellationToken)
    {
        var found = new List<(int Number, string Location)>();
        await foreach (var file in io.ListAsync(FolderOf(dataset, batchId), cancellationToken))
        {
            var name = NameOf(file.Location);
            if (name.EndsWith(ArchivedBody.Extension, StringComparison.Ordinal)
                && int.TryParse(name.AsSpan()[..^ArchivedBody.Extension.Length], NumberStyles.None, CultureInfo.InvariantCulture,
                    out var number))
            {
                found.Add((number, file.Location));
            }
        }

        return found.OrderBy(file => file.Number).Select(file => file.Location);
    }

    private string FolderOf(string dataset, string batchId) =>
        $"{root.TrimEnd('/')}/{ArchivedBody.Segment(dataset)}/{ArchivedBody.Segment(batchId)}";

    private sealed class Counter
    {
        private int _last;

        public int Next() => Interlocked.Increment(ref _last);
    }
}
