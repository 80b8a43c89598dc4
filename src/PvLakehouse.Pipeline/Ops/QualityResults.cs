using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Ops;

/// <summary>ops.quality_results: what checks found, run after run.</summary>
internal static class QualityResults
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "ops",
        Name = "quality_results",
        Grain = "One check of one table in one run.",
        Columns =
        [
            ColumnContract.Required("check_run_id", "string", "The run that checked; sorts by time."),
            ColumnContract.Required("checked_at", "timestamptz", "When the run checked."),
            ColumnContract.Required("table_name", "string", "The table, with its layer."),
            ColumnContract.Required("check_name", "string", "The check, for example unique_key, or the name of a quality rule."),
            ColumnContract.Required("status", "string", "pass, warn, fail; info for rules, whose hits are the data's, not the table's.")
                .OneOf("pass", "warn", "fail", "info"),
            ColumnContract.Required("violations", "long", "Rows, keys or farms that break the check."),
            ColumnContract.Required("rows_checked", "long", "Rows that were looked at."),
            ColumnContract.Optional("sample", "string", "One of the violations; null when there is none."),
            ColumnContract.Optional("scope_from", "timestamptz", "First hour that was looked at; null when the whole table was."),
            ColumnContract.Optional("scope_to", "timestamptz", "Last hour that was looked at; null when the whole table was."),
            ColumnContract.Optional("snapshot_id", "long", "The table's snapshot; null for a table without rows."),
            ColumnContract.Required("rule_set_version", "string", "Version of the quality rules."),
        ],
        Key = ["check_run_id", "table_name", "check_name"],
        Partitioning = [new("checked_at", "month")],
        SortedBy = ["check_run_id", "table_name"],
    };
}
