using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Forecasting.Tracking;

/// <summary>What tracking needs of the lake.</summary>
public sealed record TrackingOptions
{
    /// <summary>The lake's folder: it gets <c>tracking.db</c> and a folder <c>owners</c>, which tells live processes from dead
    /// ones.</summary>
    public required string Folder { get; init; }

    /// <summary>Root of the warehouse, a path or a URI; artifacts go below <c>ml/</c> there.</summary>
    public required string Warehouse { get; init; }

    /// <summary>
    /// Storage of artifacts: of the warehouse, and of <c>s3://</c> and local folders into which an MLflow server wants its clients to
    /// write.
    /// </summary>
    public required IFileIO Files { get; init; }

    /// <summary>Clock. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
