using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Ops;

/// <summary>ops.held_days: farm-days whose energy physics forbids, so that gold keeps what it had.</summary>
internal static class HeldDays
{
    /// <summary>Held, and nobody has decided yet.</summary>
    public const string Open = "open";

    /// <summary>A person said that it is to be published as it is.</summary>
    public const string Released = "released";

    /// <summary>A person said that it is never to be published.</summary>
    public const string Rejected = "rejected";

    /// <summary>The provider has sent another version of the day since.</summary>
    public const string Superseded = "superseded";

    /// <summary>The same version breaks no veto rule any more: weather, capacity or rules have changed.</summary>
    public const string Cleared = "cleared";

    public static TableContract Contract { get; } = new()
    {
        Layer = "ops",
        Name = "held_days",
        Grain = "One version of one facility's day of market time that broke a veto rule.",
        Columns =
        [
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Required("network_date", "date", "Calendar day of the market's clock (NEM UTC+10, WEM UTC+8)."),
            ColumnContract.Required("known_at", "timestamptz",
                "The newest ingest among the day's energy: which version of the day this is."),
            ColumnContract.Required("status", "string", "open and rejected keep the version out of gold; released lets it in; superseded: "
                + "another version came; cleared: no veto any more.")
                .OneOf(Open, Released, Rejected, Superseded, Cleared),
            ColumnContract.Required("reasons", "string", "Names of the veto rules that were broken, joined by |."),
            ColumnContract.Required("hours", "long", "Hours of the version with a value."),
            ColumnContract.Optional("energy_mwh", "double", "Energy of the version.", "MWh"),
            ColumnContract.Optional("kept_known_at", "timestamptz",
                "The newest earlier version that broke no veto rule, which gold has; null when there is none."),
            ColumnContract.Optional("kept_energy_mwh", "double", "Energy of that version.", "MWh"),
            ColumnContract.Optional("decided_at", "timestamptz", "When a person released or rejected the version."),
            ColumnContract.Optional("decided_by", "string", "Who did, as the operating system calls them."),
            ColumnContract.Optional("comment", "string", "Why."),
            ColumnContract.Required("rule_set_version", "string", "Version of the quality rules that held it."),
            .. QualityColumns.Stamps,
        ],
        Key = ["facility_code", "network_date", "known_at"],
        Partitioning = [new("network_date", "month")],
        SortedBy = ["facility_code", "network_date"],
    };

    /// <summary>SQL condition: the version is kept out of gold.</summary>
    public const string IsHeld = "status IN ('open', 'rejected')";
}
