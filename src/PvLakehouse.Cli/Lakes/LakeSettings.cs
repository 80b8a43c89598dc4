using System.Globalization;
using PvLakehouse.Pipeline.Bronze;

namespace PvLakehouse.Cli.Lakes;

/// <summary>Where a lake is: its folder on this machine, and its warehouse and catalog when they are elsewhere.</summary>
internal sealed class LakeSettings
{
    /// <summary>The lake's folder, absolute: catalog and warehouse when they are not elsewhere, and in any case temporary files.</summary>
    public required string Folder { get; init; }

    /// <summary>Root of the tables: <c>s3://bucket/folder</c> or an absolute path; null: in the folder.</summary>
    public string? Warehouse { get; init; }

    /// <summary>Address of a PostgreSQL database that is the catalog; null: a SQLite file in the folder.</summary>
    public string? Catalog { get; init; }

    /// <summary>The name under which the catalog keeps its tables: Spark and others must use the same.</summary>
    public string CatalogName { get; init; } = "lh";

    /// <summary>Size of the cache of a remote warehouse's data files [bytes]; null: the engine's default.</summary>
    public long? CacheBytes { get; init; }

    /// <summary>Where lineage events go.</summary>
    public LineageSettings Lineage { get; init; } = new();

    /// <summary>Where alerts go.</summary>
    public AlertSettings Alerts { get; init; } = new();

    /// <summary>Settings of the object store, by the names of Iceberg's catalog properties. They hold secrets.</summary>
    public IReadOnlyDictionary<string, string> Storage { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Days before the new ones that an incremental load reads again.</summary>
    public int LookbackDays { get; init; } = IngestRequest.DefaultLookbackDays;

    /// <summary>Length of the intervals in which energy is loaded.</summary>
    public EnergyResolution Interval { get; init; } = EnergyResolution.Hour;

    /// <summary>Reads a lookback [days]; null when the text is none.</summary>
    public static int? LookbackOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= 366 ? days : null;
}
