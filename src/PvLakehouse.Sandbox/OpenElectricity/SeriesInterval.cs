namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary>Intervals that OpenElectricity aggregates to.</summary>
internal enum SeriesInterval
{
    FiveMinutes,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Season,
    Year,
    FinancialYear,
}
