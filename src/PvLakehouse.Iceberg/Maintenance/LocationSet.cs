using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>A set of locations that keeps 128 bits of each, so that millions fit into memory.</summary>
/// <remarks>
/// Two locations could only be taken for one by a collision of SHA-256 cut to 128 bits. Even then a file is kept that
/// could go, and never the other way round, as long as the set holds what must be kept.
/// </remarks>
internal sealed class LocationSet
{
    private readonly HashSet<UInt128> _hashes = [];

    public int Count => _hashes.Count;

    public bool Add(string location) => _hashes.Add(HashOf(location));

    public bool Remove(string location) => _hashes.Remove(HashOf(location));

    public bool Contains(string location) => _hashes.Contains(HashOf(location));

    private static UInt128 HashOf(string location)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(location), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
