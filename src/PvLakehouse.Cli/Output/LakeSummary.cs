using System.Runtime.CompilerServices;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli.Output;

/// <summary>What a lake holds, in three tables: rows, figures of the farms, quality flags.</summary>
internal sealed class LakeSummary(Lake lake, ResultPrinter printer, TextWriter output)
{
    // Performance ratio as the predecessor's dashboards define it: energy by horizontal irradiation times registered
    // capacity, on valid hours with at least 0.02 kWh/m². The IEC 61724-1 ratio needs the plane of array.
    private const string Farms =
        """
        SELECT f.facility_code AS farm, f.facility_name AS name, f.capacity_mw AS ac_mw,
          round(sum(CASE WHEN e.is_valid THEN e.energy_mwh END), 1) AS energy_mwh,
          round(100 * sum(CASE WHEN e.is_valid AND e.irr_kwh_m2_hour >= 0.02 AND e.yr_weighted_kwh IS NOT NULL THEN e.energy_mwh END) * 1000
            / sum(CASE WHEN e.is_valid AND e.irr_kwh_m2_hour >= 0.02 AND e.energy_mwh IS NOT NULL THEN e.yr_weighted_kwh END), 1)
            AS performance_ratio_ghi_pct,
          round(100 * sum(CASE WHEN e.is_valid THEN e.energy_mwh END) / (f.capacity_mw * count(CASE WHEN e.is_valid THEN 1 END)), 1)
            AS capacity_factor_pct
        FROM iceberg.gold.fact_solar_environmental e
        JOIN iceberg.gold.dim_facility f ON f.facility_key = e.facility_key
        GROUP BY f.facility_code, f.facility_name, f.capacity_mw
        ORDER BY farm
        """;

    private const string Flags =
        """
        SELECT quality_flag, count(*) AS farm_hours, round(100.0 * count(*) / sum(count(*)) OVER (), 2) AS share_pct
        FROM iceberg.gold.fact_solar_environmental
        GROUP BY quality_flag
        ORDER BY farm_hours DESC
        """;

    private const string Issues =
        """
        SELECT issue, count(*) AS farm_hours
        FROM (
          SELECT unnest(string_split(quality_issues, '|')) AS issue
          FROM iceberg.gold.fact_solar_environmental WHERE quality_issues <> '')
        GROUP BY issue
        ORDER BY farm_hours DESC
        """;

    public async Task PrintAsync(CancellationToken cancellationToken)
    {
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        var counts = string.Join(" UNION ALL ", await TablesAsync(cancellationToken).Select((table, i) =>
            $"SELECT {i} AS place, '{table}' AS \"table\", count(*) AS \"rows\" FROM {table.SqlName}").ToListAsync(cancellationToken));
        await ShowAsync("Rows", $"SELECT \"table\", \"rows\" FROM ({counts}) ORDER BY place");
        await ShowAsync("Farms", Farms);
        await ShowAsync("Quality of farm hours", Flags);
        await ShowAsync("Issues found", Issues);

        async Task ShowAsync(string title, string sql)
        {
            await output.WriteLineAsync($"\n{title}");
            await using var result = await session.QueryAsync(sql, parameters: null, cancellationToken);
            await printer.PrintAsync([.. result.Columns.Select(column => column.Name)], result.ReadAsync(), cancellationToken);
        }
    }

    /// <summary>The tables that the lake has; those of ops come into being with what they tell of.</summary>
    private async IAsyncEnumerable<TableContract> TablesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var table in Datasets.Contracts)
        {
            if (await lake.Catalog.TableExistsAsync(table.Identifier, cancellationToken))
            {
                yield return table;
            }
        }
    }
}
