using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Iceberg.Reporting;

/// <summary>What a scan or commit has done.</summary>
public abstract record MetricsReport
{
    private protected MetricsReport()
    {
    }

    /// <summary>The catalog of the table.</summary>
    public required string CatalogName { get; init; }

    /// <summary>The table.</summary>
    public required TableIdentifier Table { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }
}
