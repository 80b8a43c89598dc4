using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>
/// Reads the live entries of many manifests that pass a test, several manifests at a time, in the order of the manifests.
/// </summary>
/// <param name="io">Storage of the manifests.</param>
/// <param name="reader">Opens manifests of the table.</param>
/// <param name="wants">Tells from a cursor whether its entry is wanted; safe for concurrent use.</param>
internal sealed class ManifestSieve(IFileIO io, ManifestReader reader, Func<EntryCursor, int, bool> wants)
{
    /// <summary>Manifests read at a time, besides the one whose entries are given: hides the latency of remote storage.</summary>
    private const int AtATime = 7;

    /// <summary>Blocks that may wait for each manifest.</summary>
    private const int BlocksAhead = 4;

    private readonly ManifestCache _cache = ManifestCache.Of(io);

    /// <summary>Reads the manifests.</summary>
    /// <exception cref="IcebergFormatException">A manifest cannot be understood.</exception>
    public async IAsyncEnumerable<SievedBlock> ReadAsync(
        IReadOnlyList<ManifestFile> manifests, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Queue<(Channel<SievedBlock> Blocks, Task Work)>();
        var next = 0;
        try
        {
            while (next < manifests.Count || running.Count > 0)
            {
                for (; next < manifests.Count && running.Count <= AtATime; next++)
                {
                    var blocks = Channel.CreateBounded<SievedBlock>(
                        new BoundedChannelOptions(BlocksAhead) { SingleReader = true, SingleWriter = true });
                    var manifest = manifests[next];
                    running.Enqueue((blocks, Task.Run(() => FillAsync(manifest, blocks.Writer, stop.Token), CancellationToken.None)));
                }

                var (first, work) = running.Peek();
                await foreach (var block in first.Reader.ReadAllAsync(cancellationToken))
                {
                    yield return block;
                }

                await work;
                running.Dequeue();
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running.Select(r => r.Work)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FillAsync(ManifestFile manifest, ChannelWriter<SievedBlock> to, CancellationToken cancellationToken)
    {
        try
        {
            var count = 0;
            if (_cache.Find(manifest) is { } cached)
            {
                var (cursor, rowIds) = (reader.CursorFor(cached.Schema, manifest), new FirstRowIds(manifest));
                foreach (var (records, data, places) in cached.Blocks)
                {
                    count += records;
                    await to.WriteAsync(Sieve(cursor, rowIds, records, data, places, manifest).Block, cancellationToken);
                }
            }
            else
            {
                await foreach (var block in ReadAsync(manifest, cancellationToken))
                {
                    count += block.Total;
                    await to.WriteAsync(block, cancellationToken);
                }
            }

            ManifestReader.CheckCount(manifest, count);
        }
        finally
        {
            to.Complete();
        }
    }

    private async IAsyncEnumerable<SievedBlock> ReadAsync(
        ManifestFile manifest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await reader.OpenAsync(manifest, cancellationToken);
        var avro = await AvroFileReader.OpenAsync(stream, manifest.Path, cancellationToken);
        var (cursor, rowIds) = (reader.CursorFor(avro.WriterSchema, manifest), new FirstRowIds(manifest));
        using var gathering = _cache.Gather(manifest, avro.WriterSchema);
        await foreach (var (records, data) in avro.ReadBlocksAsync(cancellationToken))
        {
            var (block, places) = Sieve(cursor, rowIds, records, data, null, manifest);
            gathering.Add(records, data, places);
            yield return block;
        }

        gathering.Complete();
    }

    private (SievedBlock Block, int[] Places) Sieve(
        EntryCursor cursor, FirstRowIds rowIds, int records, ReadOnlyMemory<byte> data, int[]? known, ManifestFile manifest)
    {
        var entries = new List<ManifestEntry>();
        var skipped = 0;
        try
        {
            var places = cursor.Enter(data, records, known);
            for (var i = 0; i < records; i++)
            {
                cursor.MoveNext();
                if (!cursor.IsLive)
                {
                    continue;
                }

                if (wants(cursor, manifest.SpecId))
                {
                    entries.Add(rowIds.Assign(ManifestReader.Inherit(cursor.Decode(), manifest)));
                }
                else
                {
                    rowIds.Pass(cursor);
                    skipped++;
                }
            }

            return (new SievedBlock(manifest, entries, skipped, records), places);
        }
        catch (Exception e) when (e is OverflowException or ArgumentException or IcebergFormatException { Location: null })
        {
            throw new IcebergFormatException(e.Message, manifest.Path, e);
        }
    }
}

/// <summary>What a block of a manifest holds for a scan.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="Entries">The live entries that are wanted.</param>
/// <param name="Skipped">Number of live entries that are not.</param>
/// <param name="Total">Number of all entries, those of removed files included.</param>
internal sealed record SievedBlock(ManifestFile Manifest, List<ManifestEntry> Entries, int Skipped, int Total);
