using Microsoft.Extensions.DependencyInjection;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Sandbox;
using PvLakehouse.Sandbox.Replay;

namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>What the real APIs returned for nine farms in October and November 2025, replayed from the API to gold.</summary>
public sealed class RecordedDataTests : IAsyncLifetime
{
    private static readonly string[] Farms =
        ["AVLSF", "BOMENSF", "DARLSF", "EMERASF", "FINLEYSF", "HUGSF", "LIMOSF2", "WRSF1", "YATSF1"];

    private readonly TestLake _lake = new();
    private readonly string _archive = Path.Combine(Path.GetTempPath(), $"pvlake-archive-{Guid.CreateVersion7():N}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var recorded = Recorded();
        await _lake.InitializeAsync();
        await using var sandbox = await SandboxServer.StartAsync(new(ReplayData.Load(recorded)), Token);
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSources(SourceOptions.Sandbox(sandbox.BaseAddress), new FolderBodyArchive(_archive))
            .BuildServiceProvider();
        var pipeline = new LakePipeline(
            _lake.Lake, services.GetRequiredService<OpenElectricityClient>(), services.GetRequiredService<OpenMeteoClient>());
        var request = new IngestRequest
        {
            Mode = IngestMode.Backfill,
            Facilities = Farms,
            Window = new DayRange(new DateOnly(2025, 10, 1), new DateOnly(2025, 11, 18)),
        };
        await pipeline.RunAsync(request, (_, stage) => stage(), Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _lake.DisposeAsync();
        if (Directory.Exists(_archive))
        {
            Directory.Delete(_archive, recursive: true);
        }
    }

    [Fact]
    public async Task Every_recorded_value_of_the_window_reaches_bronze_and_the_sums_reach_gold()
    {
        var recorded = RecordedEnergy().ToList();

        var bronze = await _lake.RowsAsync(
            "SELECT facility_code, interval_start, value FROM iceberg.bronze.raw_facility_timeseries WHERE value IS NOT NULL ORDER BY ALL");
        Assert.Equal(
            recorded.Select(row => $"{row.Farm} {row.Start} {row.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)}").Order(StringComparer.Ordinal),
            bronze.Order(StringComparer.Ordinal));

        var gold = await _lake.RowsAsync(
            """
            SELECT d.facility_code, CAST(round(sum(f.energy_mwh), 4) AS DECIMAL(18,4))
            FROM iceberg.gold.fact_solar_environmental f JOIN iceberg.gold.dim_facility d ON d.facility_key = f.facility_key
            GROUP BY 1 ORDER BY 1
            """);
        Assert.Equal(
            recorded.GroupBy(row => row.Farm).OrderBy(farm => farm.Key, StringComparer.Ordinal).Select(farm => string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"{farm.Key} {farm.Sum(row => row.Value):0.0000}")),
            gold);
    }

    [Fact]
    public async Task Hours_are_right_across_the_start_of_daylight_saving()
    {
        // Sydney and Melbourne, 5 October 2025: 2:00 becomes 3:00 at 2025-10-04T16Z. Brisbane keeps UTC+10.
        Assert.Equal(
            ["AVLSF 2025-10-04T15 2025-10-05T01", "AVLSF 2025-10-04T16 2025-10-05T03", "EMERASF 2025-10-04T15 2025-10-05T01", "EMERASF 2025-10-04T16 2025-10-05T02"],
            await _lake.RowsAsync(
                """
                SELECT d.facility_code, f.date_hour, f.local_date_hour
                FROM iceberg.gold.fact_solar_environmental f JOIN iceberg.gold.dim_facility d ON d.facility_key = f.facility_key
                WHERE d.facility_code IN ('AVLSF', 'EMERASF') AND f.date_hour BETWEEN TIMESTAMPTZ '2025-10-04 15:00:00+00' AND TIMESTAMPTZ '2025-10-04 16:00:00+00'
                ORDER BY ALL
                """));
    }

    [Fact]
    public async Task Every_farm_has_every_hour_of_the_49_days_and_the_missing_ones_say_so()
    {
        Assert.Equal(["9 1176 1176"], await _lake.RowsAsync(
            """
            SELECT count(*), min(hours), max(hours)
            FROM (SELECT facility_key, count(*) AS hours FROM iceberg.gold.fact_solar_environmental GROUP BY 1)
            """));
        // 2025-10-28T04:00+10:00 is missing in every farm's recording.
        Assert.Equal(["9 0 BAD"], await _lake.RowsAsync(
            """
            SELECT count(*), count(energy_mwh), max(quality_flag)
            FROM iceberg.gold.fact_solar_environmental WHERE date_hour = TIMESTAMPTZ '2025-10-27 18:00:00+00'
            """));
    }

    [Fact]
    public async Task Impossible_energy_is_bad_and_auxiliary_load_is_not()
    {
        // The doubled days of November exceed what the connections let through; the nights of HUGSF draw some 0.3 MWh.
        Assert.Equal(["true"], await _lake.RowsAsync(
            "SELECT count(*) > 100 FROM iceberg.silver.clean_hourly_energy WHERE quality_issues LIKE '%OVER_CAPACITY%'"));
        Assert.Equal(["true 0"], await _lake.RowsAsync(
            """
            SELECT count(*) > 100, count(CASE WHEN quality_flag = 'BAD' THEN 1 END)
            FROM iceberg.silver.clean_hourly_energy WHERE facility_code = 'HUGSF' AND energy_mwh < 0
            """));
    }

    private static string Recorded()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", "recorded");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        Assert.Skip("The recordings are not here: no folder 'shared' with data/recorded above the tests.");
        return "";
    }

    /// <summary>The recorded values of 1 October to 18 November, network time; the newest ingest of an hour counts.</summary>
    private static IEnumerable<(string Farm, string Start, double Value)> RecordedEnergy()
    {
        var file = Directory.EnumerateFiles(Recorded(), "timeseries*.csv").Single();
        var newest = new Dictionary<(string Farm, string Start), (string Ingested, double Value)>();
        foreach (var cells in File.ReadLines(file).Skip(1).Select(line => line.Split(',')))
        {
            // network_code,network_id,network_region,facility_code,facility_name,unit_code,metric,interval,value_unit,interval_start,value,ingest_mode,ingest_timestamp,...
            var (farm, start, value, ingested) = (cells[3], cells[9], cells[10], cells[12]);
            if (value.Length > 0 && string.CompareOrdinal(start, "2025-11-19") < 0
                && (!newest.TryGetValue((farm, start), out var held) || string.CompareOrdinal(ingested, held.Ingested) >= 0))
            {
                newest[(farm, start)] = (ingested, double.Parse(value, System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return newest.Select(row => (row.Key.Farm, row.Key.Start, row.Value.Value));
    }
}
