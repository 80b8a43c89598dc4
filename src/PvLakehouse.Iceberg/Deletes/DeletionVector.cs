using System.Buffers.Binary;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Iceberg.Deletes;

/// <summary>Reads deletion vectors: the deleted rows of one data file (spec: "Deletion Vectors").</summary>
public static class DeletionVector
{
    private const uint Magic = 0xD1D33964;

    /// <summary>Length, magic and checksum around the bitmap [bytes].</summary>
    private const int Frame = 12;

    /// <summary>Reads the deletion vector that an entry of a manifest describes.</summary>
    /// <remarks>
    /// Only the vector's own bytes are read, where the manifest says that they lie. The Puffin file around them is not
    /// looked at: its footer would say nothing new, and some early files lack it.
    /// </remarks>
    /// <param name="io">Storage of the file.</param>
    /// <param name="deleteFile">The entry, of format <see cref="FileFormat.Puffin"/>.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="ArgumentException">The entry is no deletion vector.</exception>
    /// <exception cref="IcebergFormatException">
    /// The file is missing, too short, encrypted or damaged, or holds another number of positions than the manifest says.
    /// </exception>
    public static async Task<PositionSet> ReadAsync(
        IFileIO io, DataFile deleteFile, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(io);
        ArgumentNullException.ThrowIfNull(deleteFile);
        var path = deleteFile.FilePath;
        if (deleteFile is not { Content: FileContent.PositionDeletes, Format: FileFormat.Puffin })
        {
            throw new ArgumentException(
                $"File '{path}' holds {deleteFile.Content} as {deleteFile.Format}, not a deletion vector.", nameof(deleteFile));
        }

        if (deleteFile.KeyMetadata is { Length: > 0 })
        {
            throw new IcebergFormatException("The deletion vector is encrypted; encrypted tables are not read here.", path);
        }

        if (deleteFile.ContentOffset is not { } offset || deleteFile.ContentSizeInBytes is not { } size)
        {
            throw new IcebergFormatException(
                "The manifest does not say where the deletion vector lies: content_offset or content_size_in_bytes is missing.", path);
        }

        var blob = await FileRange.ReadAsync(io, path, offset, size, "deletion vector", cancellationToken);
        var positions = Decode(blob, path);
        return positions.Count == deleteFile.RecordCount ? positions : throw new IcebergFormatException(
            $"The deletion vector holds {positions.Count} positions but its manifest promises {deleteFile.RecordCount}.", path);
    }

    /// <summary>Reads a blob of type <c>deletion-vector-v1</c>.</summary>
    /// <exception cref="IcebergFormatException">The bytes are no deletion vector.</exception>
    internal static PositionSet Decode(ReadOnlySpan<byte> blob, string location)
    {
        if (blob.Length < Frame)
        {
            throw new IcebergFormatException($"A deletion vector has at least {Frame} bytes, this one {blob.Length}.", location);
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(blob);
        if (length != blob.Length - 8)
        {
            throw new IcebergFormatException(
                $"The deletion vector says that it is {length} bytes long; by its manifest it is {blob.Length - 8}.", location);
        }

        var checkedBytes = blob[4..^4];
        var magic = BinaryPrimitives.ReadUInt32BigEndian(checkedBytes);
        if (magic != Magic)
        {
            throw new IcebergFormatException($"The deletion vector begins with {magic:x8}; expected {Magic:x8}.", location);
        }

        var (stored, actual) = (BinaryPrimitives.ReadUInt32BigEndian(blob[^4..]), Crc32.Of(checkedBytes));
        if (stored != actual)
        {
            throw new IcebergFormatException(
                $"The deletion vector is damaged: its checksum is {actual:x8} and should be {stored:x8}.", location);
        }

        try
        {
            return RoaringReader.Read(checkedBytes[4..]);
        }
        catch (IcebergFormatException e)
        {
            throw new IcebergFormatException(e.Message, location, e);
        }
    }
}
