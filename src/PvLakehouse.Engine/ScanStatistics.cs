using System.Runtime.InteropServices;

namespace PvLakehouse.Engine;

/// <summary>What planning a statement found before the engine opened any data file.</summary>
/// <param name="FilesPlanned">Data files that may hold rows of the result.</param>
/// <param name="FilesPruned">Data files that certainly hold none, so that they are never opened.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ScanStatistics(long FilesPlanned, long FilesPruned)
{
    /// <summary>No file at all.</summary>
    public static ScanStatistics None { get; }

    /// <summary>The sums of both.</summary>
    public static ScanStatistics operator +(ScanStatistics left, ScanStatistics right) =>
        new(left.FilesPlanned + right.FilesPlanned, left.FilesPruned + right.FilesPruned);

    /// <summary>The sums of both.</summary>
    public static ScanStatistics Add(ScanStatistics left, ScanStatistics right) => left + right;
}
