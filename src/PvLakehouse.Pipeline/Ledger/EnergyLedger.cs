using System.Globalization;
using System.Runtime.CompilerServices;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Silver;

namespace PvLakehouse.Pipeline.Ledger;

/// <summary>Silver energy as it would have been built from what was known at an earlier instant.</summary>
/// <remarks>
/// Bronze only grows and every row says when it came, so the state of any instant is the rows up to it. The models are those of
/// today: what differs is what was known, of energy, of weather and of the farms, not how it is judged.
/// </remarks>
public sealed class EnergyLedger(Lake lake)
{
    /// <summary>Name of the table function in the namespace silver.</summary>
    public const string FunctionName = "energy_as_known_at";

    private static readonly ColumnContract[] Columns =
        [.. CleanHourlyEnergy.Contract.Columns.Except(QualityColumns.Stamps)];

    private static readonly (TableContract Table, string Hour)[] Series =
    [
        (RawFacilityWeather.Contract, "weather_timestamp"),
        (RawFacilityTimeseries.Contract, "interval_ts"),
    ];

    /// <summary>The ledger as a function of SQL: <c>iceberg.silver.energy_as_known_at(instant [, from, to])</c>.</summary>
    /// <param name="lake">The lake, asked for when the function is called.</param>
    public static SqlTableFunction Function(Func<Lake> lake) => new()
    {
        Namespace = CleanHourlyEnergy.Contract.Layer,
        Name = FunctionName,
        Columns = [.. Columns.Select(column => new StagedColumn(column.Name, IcebergType.Parse(column.Type)))],
        Rows = (arguments, cancellationToken) =>
        {
            var instants = arguments.Select(Instant).ToArray();
            return instants switch
            {
                [var known] => new EnergyLedger(lake()).RowsAsync(known, null, null, cancellationToken),
                [var known, var from, var to] when from < to => new EnergyLedger(lake()).RowsAsync(known, from, to, cancellationToken),
                _ => throw new SqlEngineException(
                    $"{FunctionName} takes the instant of knowledge, and optionally the first hour and the hour behind the last, "
                    + $"for example {FunctionName}('2025-11-19', '2025-11-01', '2025-11-08'); found {arguments.Count} arguments."),
            };
        },
    };

    /// <summary>The rows of silver.clean_hourly_energy, without created_at and updated_at, in order of farm and hour.</summary>
    /// <param name="knownAt">What the lake learned after this instant is left out.</param>
    /// <param name="from">First hour; null for all.</param>
    /// <param name="to">The hour behind the last; null for all.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async IAsyncEnumerable<object?[]> RowsAsync(
        DateTimeOffset knownAt, DateTimeOffset? from, DateTimeOffset? to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await ModelSession.StartAsync(session, cancellationToken);
        await BindAsync(session, RawFacilities.Contract, knownAt, filter: null, cancellationToken);
        // An hour is judged beside others of its day and of the days before it, so more than what is asked for is computed.
        var (first, behind) = (from?.AddDays(-1), to?.AddDays(1));
        foreach (var (table, hour) in Series)
        {
            var filter = first is { } low && behind is { } high
                ? Expression.And(Expression.GreaterThanOrEqual(hour, low.AddDays(-1)), Expression.LessThanOrEqual(hour, high.AddDays(1)))
                : null;
            await BindAsync(session, table, knownAt, filter, cancellationToken);
        }

        var keys = first is { } start && behind is { } end
            ? $"date_hour >= {Instants.Literal(start)} AND date_hour < {Instants.Literal(end)}"
            : "true";
        foreach (var model in (SqlModel[])[Models.FacilityMaster, Models.HourlyWeather, Models.HourlyEnergy])
        {
            await ModelSession.ComputeAsync(session, model, keys, model.Target.Name, cancellationToken);
        }

        var asked = from is { } since && to is { } until
            ? $"WHERE date_hour >= {Instants.Literal(since)} AND date_hour < {Instants.Literal(until)}"
            : "";
        await using var rows = await session.QueryAsync(
            $"SELECT {string.Join(", ", Columns.Select(column => column.Name))} FROM {CleanHourlyEnergy.Contract.Name} {asked} ORDER BY "
            + "facility_code, date_hour",
            parameters: null, cancellationToken);
        await foreach (var row in rows.ReadAsync().WithCancellation(cancellationToken))
        {
            yield return row;
        }
    }

    private async Task BindAsync(
        ISqlSession session, TableContract table, DateTimeOffset knownAt, Expression? filter, CancellationToken cancellationToken)
    {
        if (await lake.Tables.FindAsync(table, cancellationToken) is null)
        {
            // Nothing of it was ever loaded, so nothing of it is known.
            await session.StageAsync(
                table.Name, [.. table.Columns.Select(column => new StagedColumn(column.Name, IcebergType.Parse(column.Type)))],
                AsyncEnumerable.Empty<object?[]>(), cancellationToken);
            return;
        }

        await session.BindAsync($"all_{table.Name}", new TableAt(table.Identifier) { Filter = filter }, cancellationToken);
        await session.ExecuteAsync(
            $"CREATE TEMP VIEW {table.Name} AS SELECT * FROM all_{table.Name} WHERE ingested_at <= {Instants.Literal(knownAt)}",
            cancellationToken);
    }

    private static DateTimeOffset Instant(object? argument) => argument switch
    {
        DateTimeOffset instant => instant,
        DateTime instant => new DateTimeOffset(DateTime.SpecifyKind(instant, DateTimeKind.Utc)),
        DateOnly day => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero),
        string text when DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var instant) => instant,
        _ => throw new SqlEngineException($"'{argument}' is no instant; expected for example '2025-11-19' or '2025-11-19 08:00:00+10'."),
    };
}
