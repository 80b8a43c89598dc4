using System.Diagnostics;
using PvLakehouse.Sandbox;
using PvLakehouse.Sandbox.Faults;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation;

namespace PvLakehouse.Cli.Tests;

/// <summary>Bad input ends in one clear sentence, an exit code that is not 0, and nothing half-written.</summary>
public sealed class BadInputTests : IDisposable
{
    private static readonly string[] Week = ["--date-start", "2025-01-01", "--date-end", "2025-01-07"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_unknown_facility_is_named()
    {
        await FailsAsync("OpenElectricity knows no facility NOSUCHSF", ["run", "--mode", "backfill", .. Week, "--facilities", "AVLSF,NOSUCHSF"]);

        await RowsAsync("raw_facilities", 0);
    }

    [Fact]
    public Task A_window_that_ends_before_it_starts_is_refused() => FailsAsync(
        "The window ends on 2025-01-01, before its start 2025-01-07.",
        ["run", "--mode", "backfill", "--date-start", "2025-01-07", "--date-end", "2025-01-01"]);

    [Fact]
    public Task A_day_that_is_none_is_refused() => FailsAsync(
        "'2025-02-30' is no day", ["run", "--mode", "backfill", "--date-start", "2025-02-30", "--date-end", "2025-03-01"]);

    [Fact]
    public Task A_backfill_without_window_is_refused() => FailsAsync("A backfill needs a window", ["run", "--mode", "backfill"]);

    [Fact]
    public async Task A_plan_makes_no_lake()
    {
        using var plan = await PvlakeProcess.RunAsync(
            Token, WithLake(["plan", "--mode", "backfill", .. Week, "--facilities", "AVLSF", "--source", "live", "--format", "csv"]));

        Assert.Equal(0, plan.ExitCode);
        // A week is one request each, but for the weather of the last days none: 7 days of 21 variables weigh 2.1.
        Assert.Equal(
            [
                "dataset,provider,requests,cost,cost_unit,rows,seconds",
                "facilities,OpenElectricity,1,1,credits,1,",
                "facility_timeseries,OpenElectricity,1,1,credits,168,",
                "facility_weather,Open-Meteo,1,2.1,call weights,168,",
                "facility_air_quality,Open-Meteo,1,1,call weights,168,",
            ],
            plan.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(Directory.Exists(_folder.Lake));
    }

    [Theory]
    [InlineData("--interval", "15m", "'15m' is no interval; expected 5m, 30m or 1h.")]
    [InlineData("--lookback", "-3", "'-3' is no lookback; expected whole days from 0 to 366.")]
    public Task An_interval_or_lookback_that_is_none_is_refused(string option, string value, string sentence) =>
        FailsAsync(sentence, ["run", option, value]);

    [Fact]
    public async Task A_source_that_is_down_is_named()
    {
        // Port 9 of the loopback interface: "discard", which nothing here listens on.
        await FailsAsync("http://127.0.0.1:9", ["run", "--mode", "backfill", .. Week, "--source", "http://127.0.0.1:9"]);

        await RowsAsync("raw_facilities", 0);
    }

    [Fact]
    public async Task Malformed_JSON_of_a_source_is_refused_and_nothing_of_it_is_kept()
    {
        await using var sandbox = await SandboxServer.StartAsync(
            new(new SimulatedSandbox(new SimulationOptions(), FacilityRegistry.Load().Facilities)) { Faults = FaultPlan.Parse("malformed:1") }, Token);

        await FailsAsync("openelectricity/facilities", ["run", "--mode", "backfill", .. Week, "--source", sandbox.BaseAddress.ToString()]);

        await RowsAsync("raw_facilities", 0);
    }

    [Fact]
    public async Task A_folder_that_is_no_lake_is_left_alone()
    {
        Directory.CreateDirectory(_folder.Lake);
        await File.WriteAllTextAsync(Path.Combine(_folder.Lake, "thesis.txt"), "mine", Token);

        await FailsAsync("is not a lake and not empty", ["run", "--mode", "backfill", .. Week]);
        await FailsAsync("is not a lake", ["sql", "SELECT 1"]);

        Assert.Equal(["thesis.txt"], Directory.EnumerateFileSystemEntries(_folder.Lake).Select(Path.GetFileName));
    }

    [Fact]
    public Task A_missing_lake_is_not_made_by_a_question() => FailsAsync("There is no lake at", ["sql", "SELECT 1"]);

    [Fact]
    public async Task Simulated_and_live_data_never_share_a_lake()
    {
        await SucceedsAsync(["bronze", "facilities", "--mode", "backfill"]);

        await FailsAsync("holds simulated data", ["bronze", "facilities", "--mode", "backfill", "--source", "live"]);
    }

    [Fact]
    public async Task A_mistake_in_SQL_is_explained()
    {
        await SucceedsAsync(["bronze", "facilities", "--mode", "backfill"]);

        await FailsAsync("facility_cod", ["sql", "SELECT facility_cod FROM iceberg.bronze.raw_facilities"]);
        await FailsAsync("no_such_table", ["sql", "SELECT * FROM iceberg.gold.no_such_table"]);
        await FailsAsync("Line 1, column 1: found SELEKT; expected SELECT", ["sql", "SELEKT 1"]);
    }

    [Fact]
    public async Task A_gold_table_says_what_it_needs_first()
    {
        await SucceedsAsync(["bronze", "facilities", "--mode", "backfill"]);

        await FailsAsync("'pvlake silver hourly_energy'", ["gold", "dim_date"]);
    }

    [Theory]
    [InlineData("No model has a champion yet: train one with 'pvlake ml train'.", "monitor")]
    [InlineData("The model pv-energy-intraday has no champion", "monitor", "--horizon", "intraday")]
    [InlineData("--days expects whole days from 1 to 366.", "monitor", "--days", "0")]
    [InlineData("No model has a champion yet: train one with 'pvlake ml train'.", "retrain")]
    [InlineData("The model pv-energy-days_2_7 has no champion", "retrain", "--force", "--horizon", "days_2_7")]
    [InlineData("'num_leaves' is no parameter; expected NAME=VALUE", "retrain", "--param", "num_leaves")]
    public Task A_champion_that_is_not_there_cannot_be_monitored(string sentence, params string[] command) =>
        FailsAfterBronzeAsync(sentence, ["ml", .. command]);

    [Fact]
    public Task Overwriting_with_new_rows_only_is_refused() =>
        FailsAfterBronzeAsync("use --mode full", ["silver", "hourly_energy", "--mode", "incremental", "--load-strategy", "overwrite"]);

    [Fact]
    public async Task A_full_disk_is_told_and_the_next_run_completes()
    {
        var small = Path.Combine(_folder.Path, "small");
        Directory.CreateDirectory(small);
        using (var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", "size=1500k", "tmpfs", small]) { RedirectStandardError = true })!)
        {
            await mount.WaitForExitAsync(Token);
            Assert.SkipUnless(mount.ExitCode == 0, "Only root may mount the small disk of this test.");
        }

        try
        {
            var lake = Path.Combine(small, "lake");
            string[] run = ["run", "--mode", "backfill", "--date-start", "2025-01-01", "--date-end", "2025-03-31", "--lake", lake];
            using var full = await PvlakeProcess.RunAsync(Token, run);
            Assert.True(full.ExitCode == Faults.Failed, full.Output + full.Error);
            Assert.Contains("disk is full", full.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", full.Error, StringComparison.Ordinal);

            using var larger = Process.Start("mount", ["-o", "remount,size=200m", small])!;
            await larger.WaitForExitAsync(Token);
            using var again = await PvlakeProcess.RunAsync(Token, run);
            Assert.True(again.ExitCode == 0, again.Error);
            // 90 days of eight farms: 90 x 24 x 8 hours.
            await RowsAsync("fact_solar_environmental", 17_280, lake);
        }
        finally
        {
            using var unmount = Process.Start("umount", [small])!;
            await unmount.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Theory]
    // The shell's exit codes of a program ended by SIGINT and by SIGKILL: 128 + 2 and 128 + 9.
    [InlineData("INT", 130, "bronze.raw_facility_timeseries")]
    [InlineData("KILL", 137, "bronze.raw_facility_timeseries")]
    [InlineData("KILL", 137, "silver.clean_hourly_energy")]
    public async Task A_run_ended_in_the_middle_keeps_what_is_committed_and_the_next_run_completes(string signal, int exitCode, string after)
    {
        var begun = new TaskCompletionSource();
        string[] run = ["run", "--mode", "backfill", .. Week, "--lake", _folder.Lake];
        using var interrupted = PvlakeProcess.Start(
            line =>
            {
                if (line.StartsWith(after, StringComparison.Ordinal))
                {
                    begun.TrySetResult();
                }
            },
            run);
        await begun.Task.WaitAsync(Token);
        interrupted.Signal(signal);
        await interrupted.WaitAsync(Token);
        Assert.Equal(exitCode, interrupted.ExitCode);
        Assert.Equal(signal == "INT", interrupted.Error.Contains("run the same command again", StringComparison.Ordinal));

        await SucceedsAsync(run);

        // 7 days of eight farms, once: 7 x 24 x 8 hours, of which the simulated source sends seven twice in one answer.
        await RowsAsync("raw_facility_timeseries", 1_344 + 7);
        await RowsAsync("fact_solar_environmental", 1_344);
    }

    private async Task FailsAfterBronzeAsync(string sentence, string[] arguments)
    {
        await SucceedsAsync(["bronze", "facilities", "--mode", "backfill"]);
        await FailsAsync(sentence, arguments);
    }

    private async Task FailsAsync(string sentence, string[] arguments)
    {
        using var run = await PvlakeProcess.RunAsync(Token, WithLake(arguments));
        Assert.True(run.ExitCode == Faults.Failed, $"exit code {run.ExitCode}\n{run.Output}{run.Error}");
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.True(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length <= 8, run.Error);
    }

    private async Task SucceedsAsync(string[] arguments)
    {
        using var run = await PvlakeProcess.RunAsync(Token, WithLake(arguments));
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
    }

    private async Task RowsAsync(string table, long expected, string? lake = null)
    {
        lake ??= _folder.Lake;
        using var tables = await PvlakeProcess.RunAsync(Token, "tables", "--lake", lake, "--format", "csv");
        var line = tables.Output.Split('\n').SingleOrDefault(row => row.Contains($".{table},", StringComparison.Ordinal));
        Assert.Equal(expected, line is null ? 0 : long.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private string[] WithLake(string[] arguments) => arguments.Contains("--lake") ? arguments : [.. arguments, "--lake", _folder.Lake];
}
