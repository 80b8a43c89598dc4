namespace PvLakehouse.Pipeline.Keeping.Exports;

/// <summary>What tables are exported to.</summary>
public enum ExportFormat
{
    /// <summary>RFC 4180 with a header line, UTF-8; instants in ISO 8601 with Z, wall clocks without; null is empty, an empty text is
    /// "".</summary>
    Csv,

    /// <summary>Apache Parquet, zstd.</summary>
    Parquet,

    /// <summary>One DuckDB database with a schema for each layer.</summary>
    DuckDb,
}
