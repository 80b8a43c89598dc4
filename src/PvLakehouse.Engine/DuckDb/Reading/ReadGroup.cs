using PvLakehouse.Engine.DuckDb.Reading.Projection;
using PvLakehouse.Iceberg.Scan;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>Data files that one call reads.</summary>
/// <param name="First">Number of the first file; the others follow.</param>
/// <param name="Plan">How they give their columns.</param>
/// <param name="Targets">The columns, hidden keys of deletes last.</param>
/// <param name="Tasks">The files as planned.</param>
/// <param name="Files">The files on this machine.</param>
internal sealed record ReadGroup(
    int First, FilePlan Plan, IReadOnlyList<ReadTarget> Targets, IReadOnlyList<FileScanTask> Tasks, IReadOnlyList<ReadFile> Files)
{
    /// <summary>Whether deletes apply to its files.</summary>
    public bool HasDeletes { get; } = Tasks[0].Deletes.Count > 0;

    /// <summary>The numbers of the files.</summary>
    public IEnumerable<int> Numbers => Enumerable.Range(First, Tasks.Count);
}
