namespace PvLakehouse.Iceberg.IO;

/// <summary>Reads a part of a file that another file has described.</summary>
internal static class FileRange
{
    /// <exception cref="IcebergFormatException">The file is missing, or ends before the part does.</exception>
    public static async Task<byte[]> ReadAsync(
        IFileIO io, string location, long offset, long length, string what, CancellationToken cancellationToken)
    {
        Stream stream;
        try
        {
            stream = await io.OpenReadAsync(location, cancellationToken);
        }
        catch (FileNotFoundException e)
        {
            throw new IcebergFormatException($"The file of a {what} is not there.", location, e);
        }

        await using (stream)
        {
            return await ReadAsync(stream, location, offset, length, what, cancellationToken);
        }
    }

    /// <exception cref="IcebergFormatException">The file ends before the part does.</exception>
    public static async Task<byte[]> ReadAsync(
        Stream stream, string location, long offset, long length, string what, CancellationToken cancellationToken)
    {
        if (offset < 0 || length < 0 || length > Array.MaxLength || length > stream.Length - offset)
        {
            throw new IcebergFormatException(
                $"A {what} should be {length} bytes at {offset}, but the file has {stream.Length} bytes.", location);
        }

        var bytes = new byte[length];
        stream.Position = offset;
        return await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken) == bytes.Length
            ? bytes
            : throw new IcebergFormatException($"The file ends inside a {what}.", location);
    }
}
