using System.Collections.Immutable;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Iceberg.Tests.Model;

/// <summary>A row; all rows of a file have the same P.</summary>
internal sealed record ModelRow(int Id, int K, int P, int? V);

/// <summary>A data file and the rows that are in it, deleted or not.</summary>
internal sealed record ModelFile(DataFile File, ImmutableArray<ModelRow> Rows)
{
    public string Path => File.FilePath;
}

/// <summary>What a delete file says: positions of files, or keys K.</summary>
internal sealed record ModelDelete(
    DataFile File, ImmutableHashSet<(string Path, int Position)> Positions, ImmutableHashSet<int> Keys)
{
    /// <summary>Whether it may apply to a data file by content and partition, whatever the ages.</summary>
    public bool Covers(DataFile data)
    {
        var samePartition = data.SpecId == File.SpecId && data.Partition.Equals(File.Partition);
        return File.Content == FileContent.EqualityDeletes
            ? samePartition || File.Partition.Count == 0
            : samePartition && (File.ReferencedDataFile is null || File.ReferencedDataFile == data.FilePath);
    }

    /// <summary>The rows of a file that it deletes.</summary>
    public IEnumerable<ModelRow> RowsOf(ModelFile file) =>
        file.Rows.Where((row, at) => Keys.Contains(row.K) || Positions.Contains((file.Path, at)));
}

/// <summary>What a snapshot holds: data files, and which of all rows are deleted.</summary>
internal sealed record ModelState(ImmutableDictionary<string, ModelFile> Files, ImmutableHashSet<int> Dead)
{
    public static ModelState Empty { get; } = new(
        ImmutableDictionary.Create<string, ModelFile>(StringComparer.Ordinal), []);

    public IEnumerable<ModelRow> Rows => Files.Values.SelectMany(f => f.Rows).Where(r => !Dead.Contains(r.Id));

    public ModelState Add(IEnumerable<ModelFile> files) =>
        this with { Files = Files.AddRange(files.Select(f => KeyValuePair.Create(f.Path, f))) };

    public ModelState Remove(IEnumerable<string> paths) => this with { Files = Files.RemoveRange(paths) };

    /// <summary>Deletes rows of the files that are there now.</summary>
    public ModelState Delete(ModelDelete delete) => this with
    {
        Dead = Dead.Union(Files.Values.Where(f => delete.Covers(f.File)).SelectMany(delete.RowsOf).Select(r => r.Id)),
    };
}

/// <summary>A snapshot.</summary>
/// <param name="State">What it holds.</param>
/// <param name="Parent">The one before it.</param>
/// <param name="Source">The one that it did again.</param>
/// <param name="IsAppend">Whether it only added data files.</param>
/// <param name="ReplacesPartitions">Whether it replaced partitions.</param>
/// <param name="Added">The data files that it added.</param>
/// <param name="Removed">The data files that it removed.</param>
internal sealed record ModelSnapshot(
    ModelState State,
    long? Parent,
    long? Source,
    bool IsAppend,
    bool ReplacesPartitions,
    ImmutableArray<ModelFile> Added,
    ImmutableArray<ModelFile> Removed);
