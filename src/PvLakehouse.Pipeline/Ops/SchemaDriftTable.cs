using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Ops;

/// <summary>ops.schema_drift: where sources departed from the contracts that their readers know.</summary>
internal static class SchemaDriftTable
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "ops",
        Name = "schema_drift",
        Grain = "One place of an endpoint's answers and one way in which it departs.",
        Columns =
        [
            ColumnContract.Required("source", "string", "The provider: openelectricity or open-meteo."),
            ColumnContract.Required("endpoint", "string", "The endpoint, for example energy or archive."),
            ColumnContract.Required("path", "string", "JSON path with [] for any element, for example $.hourly.wind_speed_10m[]."),
            ColumnContract.Required(
                "kind", "string", "unknown: a new field, kept in the archived bodies; missing or retyped: what cannot be read is null in "
                + "bronze.")
                .OneOf("unknown", "missing", "retyped"),
            ColumnContract.Required("expected", "string", "What the contract says; empty for an unknown field."),
            ColumnContract.Required("found", "string", "What was found."),
            ColumnContract.Optional("sample", "string", "The first value found, as it was written, shortened; null for a missing field."),
            ColumnContract.Required("ingest_batch_id", "string", "The load that saw it; names the folder of archived bodies."),
            ColumnContract.Required("first_seen", "timestamptz", "When a load first saw it."),
            ColumnContract.Required("last_seen", "timestamptz", "When a load last saw something new about it; the same again is no news."),
        ],
        Key = ["source", "endpoint", "path", "kind"],
        SortedBy = ["source", "endpoint", "path"],
    };
}
