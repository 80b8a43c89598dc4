using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Sources;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>bronze.raw_facility_timeseries: energy of units as OpenElectricity told it.</summary>
internal static class RawFacilityTimeseries
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "bronze",
        Name = "raw_facility_timeseries",
        Grain = "One facility, unit, metric and interval as seen in one ingest.",
        Sources = [SourceNames.Energy],
        Columns =
        [
            ColumnContract.Optional("network_code", "string", "Network of the series, as sent."),
            ColumnContract.Required("network_id", "string", "Electricity market: NEM or WEM."),
            ColumnContract.Optional("network_region", "string", "Market region of the facility."),
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Optional("facility_name", "string", "Name of the farm."),
            ColumnContract.Required("unit_code", "string", "Code of the generating unit."),
            ColumnContract.Required("metric", "string", "What is measured: energy."),
            ColumnContract.Required("interval", "string",
                "Length of the interval: 5m or 1h as the API names them, 30m for the sum of six 5m."),
            ColumnContract.Required("value_unit", "string", "Unit of the value as sent, for example MWh."),
            ColumnContract.Required("interval_start", "string", "Label of the interval as sent, in network time with its offset."),
            ColumnContract.Optional("value", "double", "The value as sent; null where the API sent null.", "MWh"),
            ColumnContract.Required("interval_ts", "timestamptz", "The label as a true instant."),
            ColumnContract.Required("interval_date", "date", "Calendar day of the label in network time."),
            .. IngestColumns.All,
        ],
        Partitioning = IngestColumns.Partitioning,
        SortedBy = ["facility_code", "interval_ts"],
    };

    public static BronzeSeries Series { get; } = new(
        Contract, "interval_ts", ["facility_code", "unit_code", "metric", "interval", "interval_ts"],
        ["network_code", "network_id", "network_region", "facility_name", "interval_start", "interval_date"]);
}
