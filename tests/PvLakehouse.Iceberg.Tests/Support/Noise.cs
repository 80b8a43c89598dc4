using CsCheck;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Damage to bytes: some replaced, inserted or removed, the end cut off, a part doubled.</summary>
internal static class Noise
{
    /// <param name="Kind">What is done.</param>
    /// <param name="At">Where, as a share of the length in 1/65536.</param>
    /// <param name="Bytes">What is put there.</param>
    public sealed record Change(int Kind, int At, byte[] Bytes);

    /// <param name="alphabet">Bytes that mean something in the format, drawn as often as all others.</param>
    public static Gen<Change[]> Changes(byte[] alphabet) => Gen.Select(
        Gen.Int[0, 4], Gen.Int[0, 65535], Gen.OneOf(Gen.Byte, Gen.OneOf(alphabet)).Array[1, 6]).Select((k, a, b) => new Change(k, a, b)).Array[1, 4];

    public static byte[] Apply(byte[] bytes, IEnumerable<Change> changes)
    {
        foreach (var (kind, share, put) in changes)
        {
            var at = (int)((long)bytes.Length * share / 65536);
            var end = Math.Min(bytes.Length, at + put.Length);
            bytes = kind switch
            {
                0 => [.. bytes[..at], .. put[..(end - at)], .. bytes[end..]],
                1 => [.. bytes[..at], .. put, .. bytes[at..]],
                2 => [.. bytes[..at], .. bytes[end..]],
                3 => [.. bytes[..end], .. bytes[at..]],
                _ => put[0] < 64 ? bytes[..at] : bytes,
            };
        }

        return bytes;
    }
}
