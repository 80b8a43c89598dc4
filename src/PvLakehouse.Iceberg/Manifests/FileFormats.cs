namespace PvLakehouse.Iceberg.Manifests;

/// <summary>The text form of file formats in manifests.</summary>
internal static class FileFormats
{
    public static FileFormat Parse(string text, string path) =>
        Enum.TryParse<FileFormat>(text, ignoreCase: true, out var format) && Enum.IsDefined(format)
            ? format
            : throw new IcebergFormatException(
                $"File '{path}' has format '{text}'; parquet, avro, orc and puffin are known.");

    /// <summary>Upper case, as the reference implementation writes it.</summary>
    public static string Print(FileFormat format) => format.ToString().ToUpperInvariant();
}
