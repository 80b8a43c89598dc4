using PvLakehouse.Forecasting.Features;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>Hours without sun, for which every forecast says 0: scores of all hours count them.</summary>
internal static class NightHours
{
    /// <summary>The hours with valid energy between the first and the last of some hours that are not among them, once for each lead of the class.</summary>
    public static async Task<IReadOnlyList<ScoredHour>> ReadAsync(
        Lake lake, Horizon horizon, IReadOnlyList<ForecastHour> hours, CancellationToken cancellationToken)
    {
        if (hours.Count == 0)
        {
            return [];
        }

        var known = hours.Select(hour => (hour.FacilityCode, hour.DateHour)).ToHashSet();
        var farms = known.Select(hour => hour.FacilityCode).ToHashSet(StringComparer.Ordinal);
        var (first, last) = (hours.Min(hour => hour.DateHour), hours.Max(hour => hour.DateHour));
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        var result = await session.QueryAsync(
            $"""
            SELECT d.facility_code, f.date_hour, CAST(f.energy_mwh AS DOUBLE), CAST(f.ac_capacity_mw AS DOUBLE)
            FROM iceberg.gold.fact_solar_environmental f JOIN iceberg.gold.dim_facility d ON d.facility_key = f.facility_key
            WHERE f.is_valid AND f.ac_capacity_mw > 0 AND f.clear_sky_radiation = 0
              AND f.date_hour BETWEEN {Instants.Literal(first)} AND {Instants.Literal(last)}
            ORDER BY f.date_hour, d.facility_code
            """,
            parameters: null, cancellationToken);
        var nights = new List<ScoredHour>();
        await foreach (var row in result.ReadAsync().WithCancellation(cancellationToken))
        {
            var (farm, hour) = ((string)row[0]!, Instants.From(row[1]));
            if (farms.Contains(farm) && !known.Contains((farm, hour)))
            {
                nights.AddRange(Enumerable.Range(1, horizon.Leads).Select(
                    lead => new ScoredHour(farm, hour.AddHours(-lead), hour, (double)row[3]!, (double)row[2]!, 0)));
            }
        }

        return nights;
    }
}
