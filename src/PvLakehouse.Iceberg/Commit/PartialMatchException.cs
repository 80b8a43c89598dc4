namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// Whole files were to be removed by a filter, but of one only some rows are known to match: they must be rewritten.
/// </summary>
public sealed class PartialMatchException(string message, string filePath) : IcebergException(message)
{
    /// <summary>The file that cannot be removed whole.</summary>
    public string FilePath { get; } = filePath;
}
