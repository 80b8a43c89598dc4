using System.Runtime.CompilerServices;
using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>
/// Keeps the unpacked blocks of manifests that scans have read, up to a number of bytes; the least recently used go first.
/// Manifests never change, so that nothing in here gets old.
/// </summary>
internal sealed class ManifestCache(long budget)
{
    /// <summary>Enough for the manifests of some 300,000 data files of ten columns [bytes].</summary>
    private const long DefaultBudget = 128 * 1024 * 1024;

    private static readonly ConditionalWeakTable<IFileIO, ManifestCache> ByStorage = [];

    private readonly Dictionary<Key, LinkedListNode<CachedManifest>> _known = [];
    private readonly LinkedList<CachedManifest> _recent = [];
    private readonly Lock _lock = new();
    private long _used;

    /// <summary>Bytes held now, those of manifests that are still being read included.</summary>
    public long Used
    {
        get
        {
            lock (_lock)
            {
                return _used;
            }
        }
    }

    /// <summary>The cache of a storage; it goes when the storage goes.</summary>
    public static ManifestCache Of(IFileIO io) => ByStorage.GetValue(io, static _ => new ManifestCache(DefaultBudget));

    /// <summary>The manifest, or null when it is not here.</summary>
    public CachedManifest? Find(ManifestFile manifest)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue(KeyOf(manifest), out var node))
            {
                return null;
            }

            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value;
        }
    }

    /// <summary>Starts to gather a manifest that is being read.</summary>
    public Gathering Gather(ManifestFile manifest, AvroRecord schema) => new(this, manifest, schema);

    private bool TryReserve(int bytes)
    {
        lock (_lock)
        {
            while (_used + bytes > budget && _recent.Last is { } oldest)
            {
                _recent.RemoveLast();
                _known.Remove(oldest.Value.Key);
                _used -= oldest.Value.Size;
            }

            if (_used + bytes > budget)
            {
                return false;
            }

            _used += bytes;
            return true;
        }
    }

    private void Release(long bytes)
    {
        lock (_lock)
        {
            _used -= bytes;
        }
    }

    private void Add(CachedManifest manifest)
    {
        lock (_lock)
        {
            if (_known.ContainsKey(manifest.Key))
            {
                _used -= manifest.Size;
                return;
            }

            _known[manifest.Key] = _recent.AddFirst(manifest);
        }
    }

    private static Key KeyOf(ManifestFile manifest) => new(manifest.Path, manifest.Length, manifest.AddedSnapshotId);

    /// <summary>Length and snapshot guard against a path that was used again after its table was dropped.</summary>
    internal readonly record struct Key(string Path, long Length, long AddedSnapshotId);

    /// <summary>The blocks of a manifest that is being read; too many are let go again.</summary>
    internal sealed class Gathering(ManifestCache cache, ManifestFile manifest, AvroRecord schema) : IDisposable
    {
        private readonly List<CachedBlock> _blocks = [];
        private long _size;
        private bool _given;

        public void Add(int count, ReadOnlyMemory<byte> data, int[] places)
        {
            if (_given)
            {
                return;
            }

            var size = data.Length + (places.Length * sizeof(int));
            if (!cache.TryReserve(size))
            {
                Dispose();
                return;
            }

            // A copy, because unpacking leaves room behind the data.
            _blocks.Add(new CachedBlock(count, data.ToArray(), places));
            _size += size;
        }

        /// <summary>The manifest was read to its end.</summary>
        public void Complete()
        {
            if (!_given)
            {
                _given = true;
                cache.Add(new CachedManifest(KeyOf(manifest), schema, _blocks, _size));
            }
        }

        public void Dispose()
        {
            if (!_given)
            {
                _given = true;
                _blocks.Clear();
                cache.Release(_size);
            }
        }
    }
}

/// <summary>A manifest in memory.</summary>
/// <param name="Key">Which manifest.</param>
/// <param name="Schema">Schema of its entries.</param>
/// <param name="Blocks">Its blocks in order.</param>
/// <param name="Size">Bytes of all blocks.</param>
internal sealed record CachedManifest(
    ManifestCache.Key Key, AvroRecord Schema, IReadOnlyList<CachedBlock> Blocks, long Size);

/// <summary>A block of a manifest in memory.</summary>
/// <param name="Count">Number of entries.</param>
/// <param name="Data">Their bytes.</param>
/// <param name="Places">Where their fields begin, as <see cref="EntryCursor"/> left it.</param>
internal sealed record CachedBlock(int Count, ReadOnlyMemory<byte> Data, int[] Places);
