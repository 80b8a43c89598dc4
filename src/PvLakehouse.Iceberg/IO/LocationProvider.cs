using System.Globalization;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.IO;

/// <summary>Where new files of a table go. Names are cosmetic: readers follow the paths in the metadata.</summary>
public sealed class LocationProvider
{
    private readonly TableMetadata _table;

    internal LocationProvider(TableMetadata table) => _table = table;

    /// <summary>Folder of data files, without a slash at the end.</summary>
    public string DataRoot => Root(TableProperties.DataPath, "data");

    /// <summary>Folder of metadata files, without a slash at the end.</summary>
    public string MetadataRoot => Root(TableProperties.MetadataPath, "metadata");

    /// <summary>Folder of the data files of a partition: <c>{data root}/name=value/...</c>.</summary>
    public string PartitionFolder(PartitionSpec spec, PartitionValues partition)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var path = spec.PartitionPath(partition);
        return path.Length == 0 ? DataRoot : $"{DataRoot}/{path}";
    }

    /// <summary>Whether data files are spread over folders by a hash, so that each has a folder of its own.</summary>
    public bool IsSpread => TableProperties.Flag(_table.Properties, TableProperties.ObjectStorageEnabled, false);

    /// <summary>Location of a new data file: in its partition, or below folders that are made of a hash.</summary>
    public string DataFile(PartitionSpec spec, PartitionValues partition, string fileName)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        if (!IsSpread)
        {
            return $"{PartitionFolder(spec, partition)}/{fileName}";
        }

        var withPartition = TableProperties.Flag(_table.Properties, TableProperties.ObjectStoragePartitionedPaths, true);
        var path = withPartition ? spec.PartitionPath(partition) : "";
        var name = path.Length == 0 ? fileName : $"{path}/{fileName}";

        // Tables that share a folder of data are told apart by their own names.
        var folders = _table.Location.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var context = DataRoot.StartsWith(_table.Location, StringComparison.Ordinal) ? ""
            : string.Join('/', folders.TakeLast(2)) + "/";
        return $"{DataRoot}/{HashFolders(name)}{(withPartition || context.Length > 0 ? "/" : "-")}{context}{name}";
    }

    /// <summary>A name for a data file, <c>NNNNN-T-uuid-NNNNN.parquet</c>, unique by its operation.</summary>
    /// <param name="task">Number of the worker that writes.</param>
    /// <param name="operation">Random id of the write.</param>
    /// <param name="number">Number of the file within the write.</param>
    /// <param name="extension">Suffix that tells the format.</param>
    public static string DataFileName(int task, Guid operation, int number, string extension = "parquet") =>
        string.Create(CultureInfo.InvariantCulture, $"{task:00000}-0-{operation:D}-{number:00000}.{extension}");

    internal string MetadataFile(string name) => $"{MetadataRoot}/{name}";

    /// <summary>The low 20 bits of the hash as three folders of four bits and one of eight.</summary>
    private static string HashFolders(string name)
    {
        var bits = (Murmur3.Hash32(System.Text.Encoding.UTF8.GetBytes(name)) & 0xfffff).ToString("b20", CultureInfo.InvariantCulture);
        return $"{bits[..4]}/{bits[4..8]}/{bits[8..12]}/{bits[12..]}";
    }

    private string Root(string property, string folder) =>
        _table.Properties.TryGetValue(property, out var path) && path.Length > 0
            ? path.TrimEnd('/')
            : $"{_table.Location}/{folder}";
}
