namespace PvLakehouse.Pipeline.Sources.Json;

/// <summary>A body breaks its contract at one place; the client adds source and window and rethrows.</summary>
internal sealed class PayloadFormatException(string path, string expected, string found, Exception? innerException = null)
    : Exception($"at {path} expected {expected}, found {found}", innerException)
{
    /// <summary>JSON path of the place, for example $.data[0].units[2].code.</summary>
    public string Path { get; } = path;
}
