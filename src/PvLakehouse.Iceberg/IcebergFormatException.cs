namespace PvLakehouse.Iceberg;

/// <summary>
/// A file or a document breaks the Iceberg specification, or needs a feature that is not supported here.
/// </summary>
public sealed class IcebergFormatException : IcebergException
{
    /// <summary>Reports what is wrong, and in which file when that is known.</summary>
    public IcebergFormatException(string message, string? location = null, Exception? innerException = null)
        : base(location is null ? message : $"{message} File: {location}", innerException) => Location = location;

    /// <summary>The file that could not be understood; null when the text came from elsewhere.</summary>
    public string? Location { get; }
}
