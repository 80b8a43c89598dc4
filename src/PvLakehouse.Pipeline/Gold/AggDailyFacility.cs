using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Gold;

/// <summary>gold.agg_daily_facility: the local days of farms.</summary>
internal static class AggDailyFacility
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "gold",
        Name = "agg_daily_facility",
        Grain = "One facility and one local calendar day; hours of farms whose clock is unknown are in the fact only.",
        Columns =
        [
            ColumnContract.Required("facility_key", "int", "The farm in gold.dim_facility."),
            ColumnContract.Required("date_key", "int", "Local calendar day in gold.dim_date."),
            ColumnContract.Required("local_date", "date", "Local calendar day."),
            .. FacilityFigures.Columns,
            .. QualityColumns.Stamps,
        ],
        Key = ["facility_key", "date_key"],
        Partitioning = [new("local_date", "month")],
        SortedBy = ["facility_key", "date_key"],
        References =
        [
            new("facility_key", DimFacility.Contract, "facility_key"),
            new("date_key", DimDate.Contract, "date_key"),
        ],
    };
}
