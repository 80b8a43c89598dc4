namespace PvLakehouse.Iceberg.IO;

/// <summary>Reads streams that unpack data, up to a limit: a few bytes may promise gigabytes.</summary>
internal static class Inflation
{
    /// <param name="stream">Gives the plain bytes.</param>
    /// <param name="expected">A guess of their number.</param>
    /// <param name="largest">More is refused.</param>
    /// <exception cref="IcebergFormatException">There are more bytes than allowed.</exception>
    public static ReadOnlyMemory<byte> ReadAll(Stream stream, long expected, int largest)
    {
        using var plain = new MemoryStream((int)Math.Min(expected, largest / 16));
        var buffer = new byte[16 * 1024];
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            if (plain.Length + read > largest)
            {
                throw new IcebergFormatException($"Compressed data are longer than {largest} bytes.");
            }

            plain.Write(buffer, 0, read);
        }

        return plain.GetBuffer().AsMemory(0, (int)plain.Length);
    }
}
