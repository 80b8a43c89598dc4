using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>The folders that a write of an engine uses before its files get their final names.</summary>
internal static class WritingFolders
{
    /// <summary>What their names begin with.</summary>
    public const string Prefix = ".writing-";

    /// <summary>Such folders of local storage that were last changed before an instant.</summary>
    /// <remarks>A write that was killed leaves them. Object stores know no folders.</remarks>
    public static IReadOnlyList<string> Find(IFileIO io, IEnumerable<string> roots, DateTimeOffset olderThan) =>
        io is not LocalFileIO ? [] :
        [
            .. roots.Select(LocalFileIO.PathOf).Where(Directory.Exists)
                .SelectMany(root => Directory.EnumerateDirectories(root, $"{Prefix}*", SearchOption.AllDirectories))
                .Where(folder => Directory.GetLastWriteTimeUtc(folder) < olderThan.UtcDateTime),
        ];

    /// <summary>Removes a folder that holds no file, with the folders in it.</summary>
    public static void RemoveIfEmpty(string folder)
    {
        try
        {
            foreach (var inside in Directory.GetDirectories(folder))
            {
                RemoveIfEmpty(inside);
            }

            // Fails while a file is left in it, which is right.
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // A folder without files costs nothing.
        }
    }
}
