using System.Buffers.Binary;
using System.Text.Json;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Json;

namespace PvLakehouse.Iceberg.Deletes;

/// <summary>The footer of a Puffin file: which blobs it holds (Puffin specification, version 1).</summary>
/// <param name="Location">Location of the file.</param>
/// <param name="Blobs">The blobs in the order of the footer.</param>
/// <param name="Properties">Properties of the file, such as <c>created-by</c>.</param>
public sealed record PuffinFile(
    string Location, IReadOnlyList<PuffinBlob> Blobs, IReadOnlyDictionary<string, string> Properties)
{
    private const int MagicLength = 4;

    /// <summary>Size of the payload, flags and magic at the very end [bytes].</summary>
    private const int TrailerLength = 12;

    private const uint CompressedFooter = 1;

    private static ReadOnlySpan<byte> Magic => "PFA1"u8;

    /// <summary>Reads the footer of a Puffin file, without its blobs.</summary>
    /// <exception cref="IcebergFormatException">
    /// The file is missing or damaged, or its footer is compressed, which is not supported here.
    /// </exception>
    public static async Task<PuffinFile> ReadAsync(IFileIO io, string location, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(io);
        Stream stream;
        try
        {
            stream = await io.OpenReadAsync(location, cancellationToken);
        }
        catch (FileNotFoundException e)
        {
            throw new IcebergFormatException("There is no such Puffin file.", location, e);
        }

        await using (stream)
        {
            return await ReadAsync(stream, location, cancellationToken);
        }
    }

    /// <summary>Reads the bytes of a blob.</summary>
    /// <exception cref="IcebergFormatException">
    /// The blob is compressed, which is not supported here, or the file is missing or too short.
    /// </exception>
    public Task<byte[]> ReadBlobAsync(IFileIO io, PuffinBlob blob, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(io);
        ArgumentNullException.ThrowIfNull(blob);
        return blob.CompressionCodec is { } codec
            ? throw new IcebergFormatException(
                $"Blob '{blob.Type}' at {blob.Offset} is compressed by '{codec}'; only blobs without compression are read here.", Location)
            : FileRange.ReadAsync(io, Location, blob.Offset, blob.Length, "blob", cancellationToken);
    }

    private static async Task<PuffinFile> ReadAsync(Stream stream, string location, CancellationToken cancellationToken)
    {
        var head = await FileRange.ReadAsync(stream, location, 0, MagicLength, "Puffin magic", cancellationToken);
        var trailer = await FileRange.ReadAsync(
            stream, location, stream.Length - TrailerLength, TrailerLength, "Puffin trailer", cancellationToken);
        if (!head.AsSpan().SequenceEqual(Magic) || !trailer.AsSpan(8).SequenceEqual(Magic))
        {
            throw new IcebergFormatException("The file is not a Puffin file: it does not begin and end with 'PFA1'.", location);
        }

        var flags = BinaryPrimitives.ReadUInt32LittleEndian(trailer.AsSpan(4));
        if (flags != 0)
        {
            throw new IcebergFormatException(
                flags == CompressedFooter
                    ? "The footer of the Puffin file is compressed by lz4, which is not supported here."
                    : $"The Puffin file has the flags {flags:x8}; only the first bit is known.",
                location);
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(trailer);
        var start = stream.Length - TrailerLength - size - MagicLength;
        if (size < 0 || start < MagicLength)
        {
            throw new IcebergFormatException($"The Puffin file promises a footer of {size} bytes that is not there.", location);
        }

        var footer = await FileRange.ReadAsync(stream, location, start, MagicLength + size, "Puffin footer", cancellationToken);
        return footer.AsSpan(0, MagicLength).SequenceEqual(Magic)
            ? JsonText.Read(footer.AsMemory(MagicLength), "A Puffin footer", location, json => Read(json, location, start))
            : throw new IcebergFormatException("The footer of the Puffin file does not begin with 'PFA1'.", location);
    }

    private static PuffinFile Read(JsonElement element, string location, long end)
    {
        var json = new JsonObjectReader(element, "a Puffin footer");
        return new PuffinFile(
            location,
            json.List("blobs", blob => PuffinBlob.Read(blob, end)),
            json.OptionalTexts("properties") ?? []);
    }
}
