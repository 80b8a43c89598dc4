using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>Data files that are on disk but in no table yet.</summary>
internal sealed record WrittenFiles(IReadOnlyList<DataFile> Files)
{
    public static WrittenFiles None { get; } = new([]);

    public long Rows => Files.Sum(f => f.RecordCount);

    public long Bytes => Files.Sum(f => f.FileSizeInBytes);

    /// <summary>Removes the files again after a commit that certainly did not happen.</summary>
    public async Task DeleteAsync(IFileIO io)
    {
        foreach (var file in Files)
        {
            await io.DeleteAsync(file.FilePath, CancellationToken.None);
        }
    }
}
