using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Gold;

/// <summary>gold.dim_time: the hours of the day.</summary>
/// <remarks>The key is the hour, as in the system before ours; hour 0 is midnight, so the unknown member is -1 here.</remarks>
internal static class DimTime
{
    /// <summary>Key of the unknown member.</summary>
    public const int Unknown = -1;

    public static TableContract Contract { get; } = new()
    {
        Layer = "gold",
        Name = "dim_time",
        Grain = "One hour of the day; key -1 is the unknown hour.",
        Columns =
        [
            ColumnContract.Required("time_key", "int", "The hour, 0 to 23, -1 when unknown."),
            ColumnContract.Optional("hour", "int", "The hour, 0 to 23."),
            ColumnContract.Optional("minute", "int", "Always 0: the grain is the hour."),
            ColumnContract.Required("day_part", "string", "Morning (6-11), Afternoon (12-16), Evening (17-20), Night (21-5) or Unknown.")
                .OneOf("Morning", "Afternoon", "Evening", "Night", "Unknown"),
            ColumnContract.Optional("is_peak_hour", "boolean", "Hour of peak solar production, 10 to 15."),
        ],
        Key = ["time_key"],
        SortedBy = ["time_key"],
    };

    /// <summary>The unknown member and the 24 hours, in column order of the contract.</summary>
    public static IEnumerable<object?[]> Rows() =>
        Enumerable.Range(0, 24)
            .Select(hour => (object?[])[hour, hour, 0, DayPart(hour), hour is >= 10 and <= 15])
            .Prepend([Unknown, null, null, "Unknown", null]);

    private static string DayPart(int hour) => hour switch
    {
        >= 6 and <= 11 => "Morning",
        >= 12 and <= 16 => "Afternoon",
        >= 17 and <= 20 => "Evening",
        _ => "Night",
    };
}
