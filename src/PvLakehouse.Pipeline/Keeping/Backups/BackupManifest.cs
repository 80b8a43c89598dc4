using System.Text.Json;
using System.Text.Json.Serialization;

namespace PvLakehouse.Pipeline.Keeping.Backups;

/// <summary>What one backup holds: the last file that it writes, so that a backup without it never happened.</summary>
public sealed record BackupManifest
{
    /// <summary>The form of the manifest that is written here.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The form of this manifest.</summary>
    public required int Format { get; init; }

    /// <summary>Name of the backup; sorts by time.</summary>
    public required string Id { get; init; }

    /// <summary>When the heads of the tables were read.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>Where the lake's data come from.</summary>
    public required string Origin { get; init; }

    /// <summary>Root of the tables when they were copied.</summary>
    public required string Warehouse { get; init; }

    /// <summary>The namespaces of the catalog with their properties.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Namespaces { get; init; }

    /// <summary>The tables.</summary>
    public required IReadOnlyList<BackedUpTable> Tables { get; init; }

    /// <summary>Files of the warehouse that belong to no table, by their locations: the archived response bodies and the artifacts of runs.</summary>
    public required IReadOnlyList<BackedUpFile> Archive { get; init; }

    /// <summary>Files of the lake's folder, by their paths inside: request budgets, runs and models, no settings, which hold secrets.</summary>
    public required IReadOnlyList<BackedUpFile> Folder { get; init; }

    /// <summary>Every file of the backup.</summary>
    [JsonIgnore]
    public IEnumerable<BackedUpFile> Files => Tables.SelectMany(table => table.Files).Concat(Archive).Concat(Folder);
}

/// <summary>A table of a backup.</summary>
/// <param name="Table">Its name in the catalog, for example <c>gold.dim_date</c>.</param>
/// <param name="Location">Root of its files.</param>
/// <param name="MetadataLocation">Its current metadata file.</param>
/// <param name="Snapshots">What its rows were at the snapshots that were summed: the heads of branches and tags, and the oldest.</param>
/// <param name="Files">Every file that its metadata leads to.</param>
public sealed record BackedUpTable(
    string Table, string Location, string MetadataLocation, IReadOnlyList<SummedSnapshot> Snapshots, IReadOnlyList<BackedUpFile> Files);

/// <summary>The rows of a table at a snapshot.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Name">The branches and tags that name it, or <c>oldest</c>.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Sum">See <see cref="RowChecksum"/>.</param>
public sealed record SummedSnapshot(long SnapshotId, string Name, long Rows, string Sum);

/// <summary>A file of a backup.</summary>
/// <param name="Location">Where it was.</param>
/// <param name="Size">Length [bytes].</param>
/// <param name="Sha256">SHA-256 of the bytes, in lower-case hexadecimal digits; the name under which they are stored.</param>
public sealed record BackedUpFile(string Location, long Size, string Sha256);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
