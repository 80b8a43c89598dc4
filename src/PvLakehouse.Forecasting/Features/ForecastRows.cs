using PvLakehouse.Engine;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Features;

/// <summary>Rows to be forecast, or to learn from: what they are of, their features, and what happened.</summary>
/// <param name="Hours">What each row is of.</param>
/// <param name="Features">The features, a row each.</param>
public sealed record ForecastRows(IReadOnlyList<ForecastHour> Hours, FeatureMatrix Features)
{
    private const int Own = 14;

    /// <summary>Number of rows.</summary>
    public int Count => Hours.Count;

    /// <summary>Some of the rows, in their order.</summary>
    public ForecastRows Where(Func<ForecastHour, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var kept = Enumerable.Range(0, Count).Where(row => condition(Hours[row])).ToArray();
        var values = new double[kept.Length * Features.Columns];
        for (var i = 0; i < kept.Length; i++)
        {
            Features.Row(kept[i]).CopyTo(values.AsSpan(i * Features.Columns));
        }

        return new([.. kept.Select(row => Hours[row])], new(Features.Names, values));
    }

    /// <summary>Reads rows of the feature table, or of a relation with its columns, in the order of issue, hour and farm.</summary>
    /// <param name="session">The session.</param>
    /// <param name="from">A relation, or a condition behind one.</param>
    /// <param name="features">The features, in the order that is wanted.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    internal static async Task<ForecastRows> ReadAsync(
        ISqlSession session, string from, IReadOnlyList<string> features, CancellationToken cancellationToken)
    {
        var hours = new List<ForecastHour>();
        var values = new List<double>();
        var codes = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var result = await session.QueryAsync(
            $"""
            SELECT facility_code, issued_at, date_hour, target_share, target_mwh, ac_capacity_mwh, is_available, persistence_share, clear_sky_persistence_share,
              clear_sky_share, limit_share, elevation, observed_clear_sky_index, issue_capacity_mw,
              {string.Join(", ", features.Select(feature => $"\"{feature}\""))}
            FROM {from}
            ORDER BY issued_at, date_hour, facility_code
            """,
            parameters: null, cancellationToken);
        await foreach (var row in result.ReadAsync().WithCancellation(cancellationToken))
        {
            hours.Add(new(
                Shared((string)row[0]!), Instants.From(row[1]), Instants.From(row[2]), (double?)row[3], (double?)row[4], (double?)row[5], (bool)row[6]!)
            {
                PersistenceShare = (double?)row[7],
                ClearSkyPersistenceShare = (double?)row[8],
                ClearSkyShare = (double)row[9]!,
                LimitShare = (double)row[10]!,
                SunElevation = (double)row[11]!,
                ClearSkyIndex = (double?)row[12],
                IssueCapacityMw = (double?)row[13],
            });
            for (var i = 0; i < features.Count; i++)
            {
                values.Add(row[Own + i] as double? ?? double.NaN);
            }
        }

        return new(hours, new(features, [.. values]));

        string Shared(string code) => codes.TryGetValue(code, out var known) ? known : codes[code] = code;
    }
}

/// <summary>One hour of one farm, forecast at one instant.</summary>
/// <param name="FacilityCode">The farm.</param>
/// <param name="IssuedAt">When the forecast is issued.</param>
/// <param name="DateHour">Start of the hour.</param>
/// <param name="TargetShare">Energy of the hour as a share of AC capacity; null without valid energy.</param>
/// <param name="TargetMwh">Energy of the hour [MWh].</param>
/// <param name="CapacityMwh">What the AC capacity of the time gives in an hour [MWh].</param>
/// <param name="IsAvailable">Whether the hour has valid energy that nothing held back.</param>
public sealed record ForecastHour(
    string FacilityCode, DateTimeOffset IssuedAt, DateTimeOffset DateHour, double? TargetShare, double? TargetMwh, double? CapacityMwh, bool IsAvailable)
{
    /// <summary>What persistence forecasts, as a share of AC capacity; null without a past.</summary>
    public double? PersistenceShare { get; init; }

    /// <summary>What clear-sky persistence forecasts, as a share of AC capacity; null without a past.</summary>
    public double? ClearSkyPersistenceShare { get; init; }

    /// <summary>Energy of the hour under a clear sky, as a share of AC capacity.</summary>
    public required double ClearSkyShare { get; init; }

    /// <summary>Most that the hour can give, as a share of AC capacity.</summary>
    public required double LimitShare { get; init; }

    /// <summary>Elevation of the sun, mean of the hour [°].</summary>
    public required double SunElevation { get; init; }

    /// <summary>Irradiance of the hour over that of a clear sky, as it turned out; null where it is not known.</summary>
    public double? ClearSkyIndex { get; init; }

    /// <summary>AC capacity of the farm at the issue [MW]; null where it was not kept.</summary>
    public double? IssueCapacityMw { get; init; }

    /// <summary>Whether the hour counts as daylight: the sun above 5°.</summary>
    public bool IsDaylight => SunElevation > 5;

    /// <summary>From the issue to the end of the hour [h].</summary>
    public int LeadHours => (int)(DateHour.AddHours(1) - IssuedAt).TotalHours;
}
