using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Gold;

/// <summary>gold.agg_monthly_facility: the local months of farms.</summary>
internal static class AggMonthlyFacility
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "gold",
        Name = "agg_monthly_facility",
        Grain = "One facility and one local calendar month.",
        Columns =
        [
            ColumnContract.Required("facility_key", "int", "The farm in gold.dim_facility."),
            ColumnContract.Required("month_key", "int", "Local month as yyyymm."),
            ColumnContract.Required("month", "date", "First day of the local month."),
            ColumnContract.Required("days", "long", "Days of the month in gold.agg_daily_facility."),
            .. FacilityFigures.Columns,
            .. QualityColumns.Stamps,
        ],
        Key = ["facility_key", "month_key"],
        SortedBy = ["facility_key", "month_key"],
        References = [new("facility_key", DimFacility.Contract, "facility_key")],
    };
}
