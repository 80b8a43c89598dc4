using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Keeping.Rebuilding;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Tests.Ingest;
using PvLakehouse.Pipeline.Tests.Sources;

namespace PvLakehouse.Pipeline.Tests.Keeping;

/// <summary>Bronze made anew of the archived answers is what it was, row for row, and no source is asked.</summary>
public sealed class ArchiveRebuildTests : IAsyncLifetime
{
    private static readonly string[] Bronze = ["raw_facilities", "raw_facility_timeseries", "raw_facility_weather", "raw_facility_air_quality"];

    private static readonly IngestRequest Daily = new() { Mode = IngestMode.Incremental };

    private static readonly IngestRequest FiveDays = new()
    {
        Mode = IngestMode.Backfill,
        Facilities = ["AVLSF", "MERSOLAR"],
        Window = new DayRange(new(2026, 3, 1), new(2026, 3, 5)),
    };

    private FedLake? _fed;

    private FedLake Fed => _fed!;

    private ArchiveRebuild Rebuild => new(Fed.Lake.Lake, new FolderBodyArchive(Fed.Archive));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _fed = await FedLake.StartAsync(new(2026, 3, 6, 2, 0, 0, TimeSpan.Zero));
        // One day a request, so that a load has many bodies.
        Fed.Configure = options => options with { OpenElectricity = options.OpenElectricity with { MaxDays = new(1, 1, 1) } };
    }

    public ValueTask DisposeAsync() => Fed.DisposeAsync();

    [Fact]
    public async Task A_history_of_loads_comes_back_row_for_row_and_the_next_run_asks_nothing()
    {
        await Fed.RunAsync(FiveDays);
        await Fed.BronzeAsync("facility_timeseries", FiveDays with { Interval = EnergyResolution.HalfHour, Facilities = ["AVLSF"] });

        // A load that a failing source interrupts, and its continuation with the answers that had come.
        var answered = Fed.Answered.Count;
        Fed.Spoil = _ => Fed.Answered.Count >= answered + 2 ? StubAnswer.Of(500, "{}") : null;
        var fiveMinutes = FiveDays with { Interval = EnergyResolution.FiveMinutes, Facilities = ["AVLSF"] };
        await Assert.ThrowsAsync<SourceException>(() => Fed.BronzeAsync("facility_timeseries", fiveMinutes));
        Fed.Spoil = null;
        await Fed.BronzeAsync("facility_timeseries", fiveMinutes);

        // The next day brings new values, corrected ones, withdrawn ones, and another name of a farm.
        Fed.Lake.Clock.Advance(TimeSpan.FromDays(1));
        Fed.Data.EnergyNow = (_, start, value) => start.Day == 3 ? start.Hour == 2 ? 7 : start.Hour == 3 ? null : value : value;
        Fed.Data.WeatherNow = (name, at, value) => name == "cloud_cover" && at.Day == 4 ? null : value;
        await Fed.RunAsync(Daily);
        var before = await RowsAsync();
        var gold = await GoldAsync();
        var asked = Fed.Asked.Count;

        await Rebuild.RunAsync(await Rebuild.PlanAsync(Token), (_, stage) => stage(), Token);

        Assert.Equal(asked, Fed.Asked.Count);
        var after = await RowsAsync();
        foreach (var table in Bronze)
        {
            Assert.NotEmpty(before[table]);
            Assert.Equal(before[table], after[table]);
        }

        Assert.Equal(gold, await GoldAsync());

        // The days that bronze holds came back too, and loads go on behind the ones that are recorded.
        await Fed.RunAsync(Daily);
        Assert.Equal(asked, Fed.Asked.Count);
        Fed.Lake.Clock.Advance(TimeSpan.FromDays(1));
        await Fed.RunAsync(Daily);
        var later = await RowsAsync();
        await Rebuild.RunAsync(await Rebuild.PlanAsync(Token), (_, stage) => stage(), Token);
        Assert.Equal(later["raw_facility_timeseries"], (await RowsAsync())["raw_facility_timeseries"]);
    }

    [Fact]
    public async Task Tables_that_are_gone_come_back_from_the_archive_alone()
    {
        await Fed.LoadAsync(FiveDays);
        var before = await RowsAsync();
        foreach (var table in Datasets.Contracts)
        {
            if (await Fed.Lake.Lake.Tables.FindAsync(table, Token) is not null)
            {
                await Fed.Lake.Lake.Catalog.DropTableAsync(table.Identifier, purge: true, Token);
            }
        }

        await Rebuild.RunAsync(await Rebuild.PlanAsync(Token), (_, stage) => stage(), Token);

        Assert.Equal(before.SelectMany(table => table.Value), (await RowsAsync()).SelectMany(table => table.Value));
    }

    [Fact]
    public async Task A_load_whose_commit_never_came_about_is_not_rebuilt()
    {
        await LoadEnergyAsync();
        var table = (await Fed.Lake.Lake.Tables.FindAsync(Contract("raw_facility_timeseries"), Token))!;
        // As a process leaves it that is killed after the record and before the commit.
        var archive = new FolderBodyArchive(Fed.Archive);
        var last = (await archive.FindRecordAsync("raw_facility_timeseries", SeriesState.Of(table).Load!, Token))!;
        await archive.RecordAsync("raw_facility_timeseries", last with { Name = $"{last.BatchId}/0099", After = last.Name }, Token);

        var plan = await Rebuild.PlanAsync(Token);

        // Two networks, one commit each.
        Assert.Equal(2, plan.Single(planned => planned.Table.Name == "raw_facility_timeseries").Records.Count);
    }

    [Theory]
    [InlineData("missing", "0002.json.gz is missing; restore it from a copy, or ingest its window again.")]
    [InlineData("cut", "0002.json.gz is damaged")]
    [InlineData("changed", "0002.json.gz is damaged")]
    [InlineData("record", "The archive lacks the record ")]
    public async Task What_the_archive_lacks_is_named_and_every_table_stays_as_it_was(string fault, string sentence)
    {
        await LoadEnergyAsync();
        var before = await HeadsAsync();
        var file = Directory.EnumerateFiles(Path.Combine(Fed.Archive, "raw_facility_timeseries"), "0002.json.gz", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(file, Token);
        switch (fault)
        {
            case "missing":
                File.Delete(file);
                break;
            case "cut":
                await File.WriteAllBytesAsync(file, bytes[..^20], Token);
                break;
            case "changed":
                bytes[bytes.Length / 2] ^= 0x10;
                await File.WriteAllBytesAsync(file, bytes, Token);
                break;
            default:
                File.Delete(Path.Combine(Path.GetDirectoryName(file)!, "load-0001.json"));
                break;
        }

        var failure = await Assert.ThrowsAnyAsync<Exception>(async () => await Rebuild.PlanAsync(Token));

        Assert.True(failure is SourceException or PipelineException, failure.ToString());
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, await HeadsAsync());
    }

    [Fact]
    public async Task A_body_that_is_lost_after_the_plan_leaves_every_table_as_it_was()
    {
        await Fed.LoadAsync(FiveDays);
        var before = await HeadsAsync();
        var plan = await Rebuild.PlanAsync(Token);
        File.Delete(Directory.EnumerateFiles(Path.Combine(Fed.Archive, "raw_facility_weather"), "0001.json.gz", SearchOption.AllDirectories).First());

        await Assert.ThrowsAnyAsync<Exception>(() => Rebuild.RunAsync(plan, (_, stage) => stage(), Token));

        Assert.Equal(before, await HeadsAsync());
    }

    [Fact]
    public async Task A_table_that_was_loaded_without_records_is_refused()
    {
        await Fed.Lake.FacilityAsync("AVLSF", 245, 190);

        var failure = await Assert.ThrowsAsync<PipelineException>(() => Rebuild.PlanAsync(Token));

        Assert.StartsWith("bronze.raw_facilities was first loaded by a version that kept no records of its loads", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_without_loads_is_refused() =>
        Assert.Contains("holds no load", (await Assert.ThrowsAsync<PipelineException>(() => Rebuild.PlanAsync(Token))).Message, StringComparison.Ordinal);

    private async Task LoadEnergyAsync()
    {
        await Fed.BronzeAsync("facilities", FiveDays);
        await Fed.BronzeAsync("facility_timeseries", FiveDays);
    }

    private static TableContract Contract(string name) => Datasets.Contracts.Single(table => table.Name == name);

    /// <summary>All rows of bronze, audit columns included.</summary>
    private async Task<Dictionary<string, string[]>> RowsAsync()
    {
        var rows = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var table in Bronze)
        {
            rows[table] = await Fed.Lake.RowsAsync($"SELECT CAST(r AS VARCHAR) FROM iceberg.bronze.{table} r ORDER BY 1");
        }

        return rows;
    }

    private Task<string[]> GoldAsync() => Fed.Lake.RowsAsync(
        "SELECT CAST(r AS VARCHAR) FROM (SELECT * EXCLUDE (created_at, updated_at) FROM iceberg.gold.fact_solar_environmental) r ORDER BY 1");

    private async Task<string[]> HeadsAsync()
    {
        var heads = new List<string>();
        foreach (var contract in Datasets.Contracts)
        {
            heads.Add($"{contract} {(await Fed.Lake.Lake.Tables.FindAsync(contract, Token))?.CurrentSnapshot?.SnapshotId}");
        }

        return [.. heads];
    }
}
