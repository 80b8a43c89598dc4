using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Loads tables that other implementations wrote, by their metadata file.</summary>
internal static class FixtureTable
{
    /// <param name="metadata">Path of the metadata file within the fixtures.</param>
    /// <param name="folder">Folder within the fixtures that the paths in the metadata are relative to.</param>
    public static Table Load(string metadata, string folder = "")
    {
        var io = new RelativeFileIO(SharedFixtures.Path(folder));
        var loaded = TableMetadata.FromJson(File.ReadAllBytes(SharedFixtures.Path(metadata)), metadata);
        return new Table(
            new InMemoryCatalog("mem:/none", new InMemoryFileIO()),
            TableIdentifier.Parse("fixture.table"),
            io,
            new TableState(loaded, metadata),
            CommitContext.System);
    }
}
