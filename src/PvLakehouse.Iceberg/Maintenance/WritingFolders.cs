using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>The folders that a write of an engine uses before its files get their final names.</summary>
internal static class WritingFolders
{
    /// <summary>What their names begin with.</summary>
    public const string Prefix = ".writing-";

    /// <summary>Removes such folders of local storage from which the last file was removed.</summary>
    public static void RemoveEmpty(IFileIO io, IEnumerable<StoredFile> removed)
    {
        if (io is not LocalFileIO)
        {
            return;
        }

        foreach (var folder in removed.Select(f => Path.GetDirectoryName(LocalFileIO.PathOf(f.Location))!)
            .Where(f => Path.GetFileName(f).StartsWith(Prefix, StringComparison.Ordinal)).Distinct(
                StringComparer.Ordinal))
        {
            try
            {
                // Fails while anything is left in it, which is right.
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                // A folder without files costs nothing.
            }
        }
    }
}
