using System.Text.Json;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>What a file of a table is for.</summary>
public enum ReachableFileKind
{
    /// <summary>Rows.</summary>
    Data,

    /// <summary>Positions of deleted rows, deletion vectors included.</summary>
    PositionDeletes,

    /// <summary>Keys of deleted rows.</summary>
    EqualityDeletes,

    /// <summary>A manifest.</summary>
    Manifest,

    /// <summary>A manifest list.</summary>
    ManifestList,

    /// <summary>Statistics of a snapshot or of its partitions.</summary>
    Statistics,

    /// <summary>A metadata file, or the hint that names the newest.</summary>
    Metadata,
}

/// <summary>A file that a table's metadata leads to.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Location">Where it is, as the metadata writes it.</param>
public readonly record struct ReachableFile(ReachableFileKind Kind, string Location)
{
    internal static ReachableFile Of(DataFile file) => new(
        file.Content switch
        {
            FileContent.Data => ReachableFileKind.Data,
            FileContent.PositionDeletes => ReachableFileKind.PositionDeletes,
            _ => ReachableFileKind.EqualityDeletes,
        },
        file.FilePath);

    /// <summary>The statistics files that metadata names.</summary>
    /// <exception cref="IcebergFormatException">An entry names no file.</exception>
    internal static IEnumerable<ReachableFile> Statistics(TableMetadata table) =>
        table.Statistics.Concat(table.PartitionStatistics).Select(entry => new ReachableFile(
            ReachableFileKind.Statistics, StatisticsPath(entry)));

    private static string StatisticsPath(StatisticsEntry entry)
    {
        using var json = JsonDocument.Parse(entry.RawJson);
        return json.RootElement.TryGetProperty("statistics-path", out var path)
            && path.ValueKind == JsonValueKind.String
            ? path.GetString()!
            : throw new IcebergFormatException(
                $"The statistics of snapshot {entry.SnapshotId} have no 'statistics-path'.");
    }
}
