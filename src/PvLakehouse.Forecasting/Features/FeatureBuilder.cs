using System.Diagnostics;
using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Features;

/// <summary>Makes the features of forecasts from silver and gold, and writes them.</summary>
/// <param name="lake">The lake.</param>
/// <param name="set">The features.</param>
public sealed class FeatureBuilder(Lake lake, FeatureSet set)
{
    /// <summary>So many days ahead weather is forecast.</summary>
    internal const int MostLeadDays = 7;

    // The longest look back, 30 days, from the newest hour that an issue a week before the first hour knew.
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(39);

    private static readonly string[] Tables = ["fact_solar_environmental", "dim_facility", "facility_master"];

    private static readonly string[] Weather =
    [
        "shortwave_radiation", "direct_radiation", "diffuse_radiation", "poa_irradiance", "temperature_2m", "dew_point_2m", "cloud_cover", "cloud_cover_low",
        "cloud_cover_mid", "cloud_cover_high", "precipitation", "wind_speed_10m", "module_temperature",
    ];

    /// <summary>What features take of all runs.</summary>
    private static readonly string[] OfRuns = ["known_at", "shortwave_radiation", "poa_irradiance", "module_temperature"];

    private static readonly string[] Sun =
    [
        "sun_elevation", "sun_elevation_max", "sun_east", "sun_north", "extraterrestrial_ghi", "clear_sky_ghi", "clear_sky_energy_share",
        "energy_limit_share",
    ];

    /// <summary>Makes the features of past hours and replaces the rows of ml.forecast_features by them, in one commit.</summary>
    /// <exception cref="LeakageException">A feature was not known when the forecasts were issued.</exception>
    /// <exception cref="ForecastingException">There is nothing to make features from.</exception>
    public async Task<FeatureBuild> WriteAsync(FeatureRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var started = Stopwatch.GetTimestamp();
        await using var workspace = await LakeWorkspace.OpenAsync(lake, cancellationToken);
        await AssembleAsync(workspace, request, cancellationToken);
        var rows = await CountAsync(workspace.Session, cancellationToken);
        if (rows.Count == 0)
        {
            throw new ForecastingException(
                $"No hour {request.Span} has sun and belongs to a farm whose capacity and place are known, so there is nothing to forecast.");
        }

        var contract = FeatureTable.Of(set);
        await workspace.EnsureAsync(contract, cancellationToken);
        var outcome = await workspace.Session.OverwriteAsync(
            contract.Identifier,
            $"""
            SELECT {string.Join(", ", contract.Columns.Select(column => $"\"{column.Name}\""))}
            FROM features ORDER BY horizon, facility_code, date_hour, issued_at
            """,
            new WriteOptions
            {
                SnapshotProperties = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [FeatureTable.SetProperty] = set.Name,
                    [FeatureTable.DefinitionProperty] = FeatureSetFile.Write(set),
                    [FeatureTable.LearnedProperty] = string.Join(',', set.Learned),
                    [FeatureTable.WeatherProperty] = FeatureTable.Weather(request.Weather),
                    [FeatureTable.SourcesProperty] = string.Join(',', workspace.Snapshots.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                        .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}"))),
                },
            },
            cancellationToken);
        return new(outcome.SnapshotId!.Value, workspace.Snapshots, rows, Stopwatch.GetElapsedTime(started))
        {
            Notes = await NotesAsync(workspace.Session, request, cancellationToken),
        };
    }

    /// <summary>Makes the features of some issues, for hours that may still be to come; writes nothing.</summary>
    /// <param name="horizon">The class of forecasts.</param>
    /// <param name="request">Farms, weather, issues and, when not all of these, hours.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="LeakageException">A feature was not known at an issue.</exception>
    public async Task<IssueFeatures> OfIssuesAsync(Horizon horizon, FeatureRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(horizon);
        ArgumentNullException.ThrowIfNull(request);
        var issued = request.Issued ?? throw new ArgumentException("No issues are asked for.", nameof(request));
        await using var workspace = await LakeWorkspace.OpenAsync(lake, cancellationToken);
        var spanned = request with
        {
            Horizons = [horizon],
            From = request.From ?? issued.After,
            To = request.To ?? WholeHour(issued.UpTo) + horizon.Reach,
        };
        await AssembleAsync(workspace, spanned, cancellationToken);
        return new(
            await ForecastRows.ReadAsync(workspace.Session, "features", set.Learned, cancellationToken),
            await NotesAsync(workspace.Session, request, cancellationToken));
    }

    private static DateTimeOffset WholeHour(DateTimeOffset instant) => new(instant.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero);

    /// <summary>Makes the relation <c>features</c>.</summary>
    private async Task AssembleAsync(LakeWorkspace workspace, FeatureRequest request, CancellationToken cancellationToken)
    {
        var session = workspace.Session;
        await workspace.BindAsync(Tables, request.Snapshots, cancellationToken);
        if (request.Weather == WeatherKind.Forecast)
        {
            await workspace.BindAsync(["hourly_forecast"], request.Snapshots, cancellationToken);
        }

        var (first, end) = await SpanAsync(session, request, cancellationToken);
        var (from, to, past) = (Instants.Literal(first), Instants.Literal(end), Instants.Literal(first - LookBack));
        // Known hours, and those to come of an issue.
        await session.ExecuteAsync(
            $"""
            CREATE OR REPLACE TEMP TABLE known_hours AS
            SELECT d.facility_code, f.date_hour FROM fact_solar_environmental f JOIN dim_facility d ON d.facility_key = f.facility_key
            WHERE f.date_hour >= {past} AND f.date_hour < {to};
            CREATE OR REPLACE TEMP TABLE asked_hours AS
            {(request.Issued is null
                ? $"SELECT * FROM known_hours WHERE date_hour >= {from}"
                : $"SELECT facility_code, unnest(generate_series(utc_hour({from}), {to} - INTERVAL '1' HOUR, INTERVAL '1' HOUR)) AS date_hour "
                    + "FROM clean_facility_master WHERE is_current")};
            CREATE OR REPLACE TEMP TABLE keys AS SELECT * FROM known_hours UNION SELECT * FROM asked_hours;
            """,
            cancellationToken);
        await workspace.StageSunAsync(Sun, cancellationToken);
        await session.ExecuteAsync(
            "CREATE OR REPLACE TEMP TABLE measured AS "
            + FeatureSql.Read("measured.sql").Replace("$from", past, StringComparison.Ordinal).Replace("$to", to, StringComparison.Ordinal),
            cancellationToken);
        await session.ExecuteAsync(
            $"""
            CREATE OR REPLACE TEMP VIEW forecasts AS {Forecasts(request.Weather)};
            CREATE OR REPLACE TEMP VIEW forecast_runs AS
            SELECT facility_code, date_hour, {string.Join(", ", OfRuns.Select(ByLead))} FROM forecasts GROUP BY ALL;
            """,
            cancellationToken);
        await session.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE issued_hours AS {Issues(request)}", cancellationToken);
        await session.ExecuteAsync(
            "CREATE OR REPLACE TEMP TABLE issue_rows AS "
            + FeatureSql.Read("issue_rows.sql").Replace("$delay", MeasuredSource.Energy.Delay, StringComparison.Ordinal),
            cancellationToken);
        await FormulaCheck.RequireClosedAsync(session, set, cancellationToken);
        await session.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE assembled AS {FeatureSql.Select(set)}", cancellationToken);
        await LeakageGuard.RequireKnownAsync(session, set, "assembled", cancellationToken);
        await session.ExecuteAsync($"CREATE OR REPLACE TEMP VIEW features AS {Features(request.Weather)}", cancellationToken);
    }

    private static string ByLead(string column) =>
        $"[{string.Join(", ", Enumerable.Range(1, MostLeadDays).Select(lead => $"max({column}) FILTER (lead_days = {lead})"))}] AS {column}";

    private static async Task<(DateTimeOffset First, DateTimeOffset End)> SpanAsync(
        ISqlSession session, FeatureRequest request, CancellationToken cancellationToken)
    {
        if (request is { From: { } from, To: { } to })
        {
            return (from, to);
        }

        var result = await session.QueryAsync(
            "SELECT min(date_hour), max(date_hour) + INTERVAL '1' HOUR FROM fact_solar_environmental", parameters: null, cancellationToken);
        return (await result.ToListAsync(cancellationToken))[0] is [{ } first, { } end]
            ? (request.From ?? Instants.From(first), request.To ?? Instants.From(end))
            : throw new ForecastingException("gold.fact_solar_environmental has no hour yet: run 'pvlake run' first.");
    }

    private static string Forecasts(WeatherKind weather) => weather == WeatherKind.Forecast
        ? $"SELECT facility_code, date_hour, lead_days, known_at, {string.Join(", ", Weather)} FROM clean_weather_forecast WHERE is_valid"
        : $"SELECT facility_code, date_hour, CAST(lead.n AS INTEGER) AS lead_days, TIMESTAMPTZ '-infinity' AS known_at, {string.Join(", ", Weather)} "
            + "FROM measured CROSS JOIN range(1, 10) AS lead(n)";

    /// <summary>The hours with some sun, once for each instant at which they are forecast.</summary>
    private static string Issues(FeatureRequest request)
    {
        var classes = request.Horizons.Select(horizon =>
            $"SELECT facility_code, network_id, {Text(horizon.Name)} AS horizon, date_hour, {horizon.IssuedAt} AS issued_at "
            + $"FROM hours CROSS JOIN range(1, {horizon.Leads + 1}) AS lead(n)");
        var only = request.Issued is { } issues
            ? $" WHERE issued_at > {Instants.Literal(issues.After)} AND issued_at <= {Instants.Literal(issues.UpTo)}"
            : "";
        return $"""
            WITH hours AS (
              SELECT a.facility_code, m.network_id, a.date_hour, network_day_start(network_date(a.date_hour, m.network_id), m.network_id) AS day_start
              FROM asked_hours a
              JOIN clean_facility_master m ON m.facility_code = a.facility_code AND m.is_current
              JOIN sun s ON s.facility_code = a.facility_code AND s.date_hour = a.date_hour
              WHERE s.sun_elevation_max > -1{OfFarms(request)}
            )
            SELECT * FROM ({string.Join("\nUNION ALL ", classes)}){only}
            """;
    }

    private string Features(WeatherKind weather)
    {
        var known = FeatureSql.DatedRelations(set).Select(FeatureSql.KnownAtOf).ToArray();
        var latest = known.Length == 0 ? "CAST(NULL AS TIMESTAMPTZ)" : $"greatest({string.Join(", ", known)})";
        return $"""
            SELECT a.* REPLACE ({string.Join(", ", set.Features.Select(feature => $"CAST(a.\"{feature.Name}\" AS DOUBLE) AS \"{feature.Name}\""))}),
              {Text(FeatureTable.Weather(weather))} AS weather,
              CASE WHEN isfinite({latest}) THEN {latest} END AS known_at,
              t.energy_share AS target_share, t.energy_mwh AS target_mwh, t.ac_capacity_mw AS ac_capacity_mwh, t.clear_sky_index AS observed_clear_sky_index,
              coalesce(t.is_valid AND t.energy_share IS NOT NULL AND NOT regexp_matches(t.quality_issues, 'CURTAILED|OUTAGE|ZERO_UNDER_SUN'), false)
                AS is_available
            FROM assembled a
            LEFT JOIN measured t ON t.facility_code = a.facility_code AND t.date_hour = a.date_hour
            """;
    }

    private static async Task<IReadOnlyDictionary<string, long>> CountAsync(ISqlSession session, CancellationToken cancellationToken)
    {
        var result = await session.QueryAsync("SELECT horizon, count(*) FROM assembled GROUP BY horizon", parameters: null, cancellationToken);
        return (await result.ToListAsync(cancellationToken)).ToDictionary(row => (string)row[0]!, row => (long)row[1]!, StringComparer.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> NotesAsync(ISqlSession session, FeatureRequest request, CancellationToken cancellationToken)
    {
        var result = await session.QueryAsync(
            $"""
            SELECT DISTINCT facility_code, 'capacity' AS lacks FROM issued_hours WHERE facility_code NOT IN (SELECT facility_code FROM issue_rows)
            UNION ALL
            SELECT DISTINCT a.facility_code, 'place' FROM asked_hours a
            WHERE a.facility_code NOT IN (SELECT facility_code FROM sun WHERE sun_elevation_max IS NOT NULL){OfFarms(request)}
            ORDER BY ALL
            """,
            parameters: null, cancellationToken);
        return [.. (await result.ToListAsync(cancellationToken)).Select(row => $"{row[0]} has no {row[1]}, so nothing can be forecast for it.")];
    }

    private static string OfFarms(FeatureRequest request) =>
        request.Facilities is { } codes ? $" AND a.facility_code IN ({string.Join(", ", codes.Select(Text))})" : "";

    private static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}

/// <summary>The features of some issues.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Notes">What the user should know, one sentence each.</param>
public sealed record IssueFeatures(ForecastRows Rows, IReadOnlyList<string> Notes);
