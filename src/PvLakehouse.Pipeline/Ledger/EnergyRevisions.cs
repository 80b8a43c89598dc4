using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Ledger;

/// <summary>What providers changed after they had said something else.</summary>
public sealed class EnergyRevisions(Lake lake)
{
    /// <summary>The revisions learned after an instant, by farm and day; hours that were heard of for the first time are none.</summary>
    /// <param name="since">The instant.</param>
    /// <param name="facilities">Codes of farms; empty for all.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<IReadOnlyList<EnergyRevision>> SinceAsync(
        DateTimeOffset since, IReadOnlyList<string> facilities, CancellationToken cancellationToken)
    {
        if (await lake.Tables.FindAsync(RawFacilityTimeseries.Contract, cancellationToken) is not { CurrentSnapshot: not null })
        {
            return [];
        }

        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        var parameters = facilities.Select((code, i) => (Name: $"farm{i}", Code: code))
            .ToDictionary(farm => farm.Name, farm => (object?)farm.Code, StringComparer.Ordinal);
        var farms = parameters.Count == 0 ? "" : $"AND facility_code IN ({string.Join(", ", parameters.Keys.Select(name => $"${name}"))})";
        await session.BindAsync("raw", new TableAt(RawFacilityTimeseries.Contract.Identifier), cancellationToken);
        await using var rows = await session.QueryAsync(
            $"""
            WITH value_of AS (
              SELECT facility_code, interval_date, unit_code, "interval", interval_ts, value, ingested_at, ingest_batch_id,
                ingested_at > {Instants.Literal(since)} AS is_news
              FROM raw
              WHERE metric = 'energy' {farms}
            ),
            told_again AS (  -- intervals with something from before and something from after
              SELECT facility_code, interval_date,
                arg_max(ROW(value), ROW(ingested_at, ingest_batch_id)) FILTER (WHERE NOT is_news) AS before,
                arg_max(ROW(value), ROW(ingested_at, ingest_batch_id)) AS after,
                max(ingested_at) AS learned_at
              FROM value_of
              GROUP BY facility_code, interval_date, unit_code, "interval", interval_ts
              HAVING bool_or(is_news) AND bool_or(NOT is_news)
            ),
            changed AS (
              SELECT facility_code, interval_date, before[1] AS mwh_before, after[1] AS mwh_after, learned_at
              FROM told_again WHERE before[1] IS DISTINCT FROM after[1]
            )
            SELECT facility_code, interval_date, count(*), sum(mwh_before), sum(mwh_after),
              coalesce(sum(mwh_after), 0) - coalesce(sum(mwh_before), 0), max(learned_at)
            FROM changed
            GROUP BY facility_code, interval_date
            ORDER BY facility_code, interval_date
            """,
            parameters, cancellationToken);
        return
        [
            .. (await rows.ToListAsync(cancellationToken)).Select(row => new EnergyRevision(
                (string)row[0]!, (DateOnly)row[1]!, Convert.ToInt64(row[2], CultureInfo.InvariantCulture), (double?)row[3], (double?)row[4],
                Math.Round((double)row[5]!, 6), Instants.From(row[6]))),
        ];
    }
}
