using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>The audit columns that every bronze row carries.</summary>
internal static class IngestColumns
{
    public static IReadOnlyList<ColumnContract> All { get; } =
    [
        ColumnContract.Required("ingest_batch_id", "string",
            "The load that brought the row; names the folder of archived response bodies."),
        ColumnContract.Required("ingest_mode", "string", "How the load was asked for: backfill or incremental."),
        ColumnContract.Required("ingested_at", "timestamptz", "When the load wrote the row; newest wins in silver."),
        ColumnContract.Required("ingestion_date", "date", "UTC calendar day of ingested_at; the partition."),
    ];

    public static IReadOnlyList<PartitionContract> Partitioning { get; } = [new("ingestion_date", "identity")];
}
