using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Silver;

namespace PvLakehouse.Pipeline.Holding;

/// <summary>Computes earlier versions of farm-days: their energy as known at an instant, beside everything else as it is known now.</summary>
internal sealed class VersionSession : IAsyncDisposable
{
    /// <summary>Days before a farm-day that its verdict may look at: the month before, and what that is judged by.</summary>
    public const int DaysBefore = 32;

    /// <summary>Days after it.</summary>
    public const int DaysAfter = 10;

    private readonly ISqlSession _session;

    private VersionSession(ISqlSession session) => _session = session;

    /// <summary>The columns of <see cref="HoursAsync"/>: those of silver.clean_hourly_energy without stamps.</summary>
    public static IReadOnlyList<ColumnContract> Columns { get; } = [.. CleanHourlyEnergy.Contract.Columns.Except(QualityColumns.Stamps)];

    /// <summary>Computes the hours of some farm-days.</summary>
    /// <param name="lake">The lake, on the branch of a run.</param>
    /// <param name="versions">The instant at which each farm-day is to be known, at least one.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async Task<VersionSession> OpenAsync(
        Lake lake, IReadOnlyDictionary<FarmDay, DateTimeOffset> versions, CancellationToken cancellationToken)
    {
        var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        try
        {
            await ModelSession.StartAsync(session, cancellationToken);
            await StageAsync(session, versions, cancellationToken);
            var (first, last) = (versions.Keys.Min(day => day.Date), versions.Keys.Max(day => day.Date));
            await BindAsync(lake, session, first, last, cancellationToken);
            var days = $"(date_hour BETWEEN {Instants.Literal(Start(first))} AND {Instants.Literal(Start(last).AddDays(2))})";
            await ModelSession.ComputeAsync(session, Models.HourlyEnergy, days, "version_hours", cancellationToken);
            await session.ExecuteAsync(
                "DELETE FROM version_hours h WHERE NOT EXISTS (SELECT 1 FROM versions v WHERE v.facility_code = h.facility_code AND v.network_date = h.network_date)",
                cancellationToken);
            return new(session);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>The hours, in the order of <see cref="Columns"/>.</summary>
    public async Task<IReadOnlyList<object?[]>> HoursAsync(CancellationToken cancellationToken)
    {
        var rows = await _session.QueryAsync(
            $"SELECT {string.Join(", ", Columns.Select(column => column.Name))} FROM version_hours", parameters: null, cancellationToken);
        return await rows.ToListAsync(cancellationToken);
    }

    /// <summary>The energy of the versions [MWh] that break no veto rule, by farm-day; null where no hour had a value.</summary>
    public async Task<IReadOnlyDictionary<FarmDay, double?>> PossibleAsync(CancellationToken cancellationToken)
    {
        await _session.ExecuteAsync(
            """
            CREATE OR REPLACE TEMP VIEW clean_hourly_energy AS
            SELECT * EXCLUDE (created_at, updated_at) FROM newest_hours h
            WHERE NOT EXISTS (SELECT 1 FROM versions v WHERE v.facility_code = h.facility_code AND v.network_date = h.network_date)
            UNION ALL BY NAME
            SELECT * EXCLUDE (created_at, updated_at) FROM version_hours
            """,
            cancellationToken);
        await ModelSession.ComputeAsync(_session, Models.DailyEnergy, only: "true", "version_days", cancellationToken);
        var rows = await _session.QueryAsync(
            $"""
            SELECT v.facility_code, v.network_date, sum(h.energy_mwh)
            FROM versions v
            JOIN version_hours h ON h.facility_code = v.facility_code AND h.network_date = v.network_date
            LEFT JOIN version_days d ON d.facility_code = v.facility_code AND d.network_date = v.network_date
            GROUP BY v.facility_code, v.network_date
            HAVING NOT bool_or({Veto.Breaks("h.quality_issues")}) AND NOT bool_or(coalesce({Veto.Breaks("d.quality_issues")}, false))
            """,
            parameters: null, cancellationToken);
        return (await rows.ToListAsync(cancellationToken)).ToDictionary(
            row => new FarmDay((string)row[0]!, (DateOnly)row[1]!),
            row => row[2] is null ? (double?)null : Convert.ToDouble(row[2], CultureInfo.InvariantCulture));
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private static Task<long> StageAsync(
        ISqlSession session, IReadOnlyDictionary<FarmDay, DateTimeOffset> versions, CancellationToken cancellationToken) =>
        session.StageAsync(
            "versions",
            [new("facility_code", IcebergType.String), new("network_date", IcebergType.Date), new("known_at", IcebergType.TimestampTz)],
            versions.Select(version => (object?[])[version.Key.Facility, version.Key.Date, version.Value]).ToAsyncEnumerable(),
            cancellationToken);

    private static async Task BindAsync(Lake lake, ISqlSession session, DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        await lake.BindAsync(session, CleanFacilityMaster.Contract, cancellationToken);
        var (from, to) = (Start(first).AddDays(-DaysBefore), Start(last).AddDays(DaysAfter));
        await lake.BindAsync(session, CleanHourlyWeather.Contract, CleanHourlyWeather.Contract.Name, Between("date_hour", from, to), cancellationToken);
        await lake.BindAsync(session, CleanHourlyEnergy.Contract, "newest_hours", Between("date_hour", from, to), cancellationToken);
        await lake.BindAsync(session, RawFacilityTimeseries.Contract, "all_versions", Between("interval_ts", from, to), cancellationToken);
        await session.ExecuteAsync(
            """
            CREATE TEMP VIEW raw_facility_timeseries AS
            SELECT r.*
            FROM all_versions r
            LEFT JOIN versions v ON v.facility_code = r.facility_code
              AND v.network_date = network_date(hour_of_interval(r.network_id, r."interval", r.interval_ts), r.network_id)
            WHERE v.known_at IS NULL OR r.ingested_at <= v.known_at
            """,
            cancellationToken);
        // The daily model reads its own table for the days that there are; here the hours say it.
        await session.ExecuteAsync(
            $"CREATE TEMP TABLE clean_daily_energy AS SELECT facility_code, CAST(NULL AS DATE) AS network_date, CAST(0 AS BIGINT) AS hours_sent FROM versions WHERE false",
            cancellationToken);
    }

    private static Expression Between(string column, DateTimeOffset from, DateTimeOffset to) =>
        Expression.And(Expression.GreaterThanOrEqual(column, from), Expression.LessThanOrEqual(column, to));

    /// <summary>An instant at or before the start of the day in any market.</summary>
    private static DateTimeOffset Start(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddHours(-12);
}
