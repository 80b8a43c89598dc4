using System.Text.Json;

namespace PvLakehouse.Pipeline.Alerting;

/// <summary>Appends alerts to a file, one JSON object a line.</summary>
/// <param name="path">The file; made when missing, with its folder.</param>
public sealed class FileAlertSink(string path) : IAlertSink
{
    /// <inheritdoc/>
    public async Task RaiseAsync(Alert alert, CancellationToken cancellationToken)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            {
                Directory.CreateDirectory(folder);
            }

            await File.AppendAllTextAsync(path, $"{JsonSerializer.Serialize(alert, AlertJson.Default.Alert)}\n", cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AlertException($"The alert '{alert.Title}' could not be written to {path}: {error.Message}", error);
        }
    }
}
