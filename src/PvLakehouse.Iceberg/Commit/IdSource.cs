using System.Security.Cryptography;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Random ids; a seed makes them repeatable in tests. Safe for concurrent use.</summary>
public sealed class IdSource
{
    private readonly Random? _seeded;
    private readonly Lock _lock = new();

    /// <summary>Cryptographically random ids.</summary>
    public IdSource()
    {
    }

    /// <summary>Repeatable ids, for tests only.</summary>
    public IdSource(int seed) => _seeded = new Random(seed);

    /// <summary>A random (version 4) uuid.</summary>
    public Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A random positive snapshot id.</summary>
    public long NewSnapshotId()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return Math.Max(1, BitConverter.ToInt64(bytes) & long.MaxValue);
    }

    /// <summary>A random number from 0 up to but not including 1.</summary>
    public double NextDouble()
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes);
        return BitConverter.ToUInt32(bytes) / (uint.MaxValue + 1.0);
    }

    private void Fill(Span<byte> bytes)
    {
        if (_seeded is null)
        {
            RandomNumberGenerator.Fill(bytes);
            return;
        }

        lock (_lock)
        {
            _seeded.NextBytes(bytes);
        }
    }
}
