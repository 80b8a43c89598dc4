using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Reference;

namespace PvLakehouse.Pipeline.Gold;

/// <summary>gold.dim_aqi_category: the categories of the US EPA Air Quality Index.</summary>
internal static class DimAqiCategory
{
    /// <summary>Key of the unknown member.</summary>
    public const long Unknown = 0;

    public static TableContract Contract { get; } = new()
    {
        Layer = "gold",
        Name = "dim_aqi_category",
        Grain = "One category of the index; key 0 is the unknown category.",
        Columns =
        [
            ColumnContract.Required("aqi_category_key", "long", "1 (Good) to 6 (Hazardous), 0 when unknown."),
            ColumnContract.Required("category_name", "string", "Name of the category."),
            ColumnContract.Optional("aqi_range_min", "int", "Lowest index of the category."),
            ColumnContract.Optional("aqi_range_max", "int", "Highest index of the category."),
            ColumnContract.Optional("pm2_5_min_ug_m3", "decimal(8,3)", "Lowest PM2.5 of the category.", "µg/m³"),
            ColumnContract.Optional("pm2_5_max_ug_m3", "decimal(8,3)", "Highest PM2.5 of the category.", "µg/m³"),
            ColumnContract.Optional("health_advisory", "string", "What the category means for people."),
            ColumnContract.Optional("color_code", "string", "Colour assigned by the US EPA, as #rrggbb."),
        ],
        Key = ["aqi_category_key"],
        SortedBy = ["aqi_category_key"],
    };

    /// <summary>The unknown member and the six categories, in column order of the contract.</summary>
    public static IEnumerable<object?[]> Rows() =>
        AqiBreakpoint.All
            .Select(category => (object?[])
            [
                category.Key, category.Category, category.AqiLow, category.AqiHigh, category.Pm25Low, category.Pm25High,
                category.Advisory, category.Color,
            ])
            .Prepend([Unknown, "Unknown", null, null, null, null, null, null]);
}
