namespace PvLakehouse.Pipeline.Ledger;

/// <summary>What a provider changed in one day of one farm.</summary>
/// <param name="FacilityCode">The farm.</param>
/// <param name="NetworkDate">The day, in network time.</param>
/// <param name="Intervals">Intervals whose value is another, 1 or more.</param>
/// <param name="BeforeMwh">Their energy as it was known before [MWh], null when all were unknown.</param>
/// <param name="AfterMwh">Their energy as it is known now [MWh], null when all are unknown.</param>
/// <param name="DeltaMwh">After minus before, unknown as 0 [MWh].</param>
/// <param name="LearnedAt">When the last of the new values came.</param>
public sealed record EnergyRevision(
    string FacilityCode, DateOnly NetworkDate, long Intervals, double? BeforeMwh, double? AfterMwh, double DeltaMwh,
    DateTimeOffset LearnedAt);
