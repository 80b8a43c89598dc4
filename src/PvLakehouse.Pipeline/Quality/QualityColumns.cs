using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Quality;

/// <summary>The columns that every silver table carries behind its own.</summary>
internal static class QualityColumns
{
    public const string CreatedAt = "created_at";
    public const string UpdatedAt = "updated_at";

    /// <summary>The values of <c>quality_flag</c>.</summary>
    public static IReadOnlyList<string> Flags { get; } = ["GOOD", "WARNING", "BAD"];

    public static IReadOnlyList<ColumnContract> Verdict { get; } =
    [
        ColumnContract.Required("is_valid", "boolean", "Whether no rule of severity BAD is broken."),
        ColumnContract.Required("quality_flag", "string", "Worst broken rule: GOOD, WARNING or BAD.").OneOf(Flags),
        ColumnContract.Required("quality_score", "double",
            "Completeness share, 0 when BAD, times 0.8 for each broken WARNING rule.", "0..1"),
        ColumnContract.Required("quality_issues", "string", "Names of the broken rules joined by |, empty when none."),
    ];

    public static IReadOnlyList<ColumnContract> Stamps { get; } =
    [
        ColumnContract.Required(CreatedAt, "timestamptz", "When the row first appeared in this table."),
        ColumnContract.Required(UpdatedAt, "timestamptz", "When a value of the row last changed."),
    ];
}
