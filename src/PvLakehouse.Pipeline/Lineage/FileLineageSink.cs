using System.Text.Json.Nodes;

namespace PvLakehouse.Pipeline.Lineage;

/// <summary>Appends events to a file, one JSON object a line.</summary>
/// <param name="path">The file; made with its folder when missing.</param>
public sealed class FileLineageSink(string path) : ILineageSink
{
    /// <inheritdoc/>
    public string Name => path;

    /// <inheritdoc/>
    public async Task SendAsync(JsonObject runEvent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runEvent);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await File.AppendAllTextAsync(path, runEvent.ToJsonString() + "\n", cancellationToken);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
