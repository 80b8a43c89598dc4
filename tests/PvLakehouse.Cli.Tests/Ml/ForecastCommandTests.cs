using PvLakehouse.TestServers.Mlflow;

namespace PvLakehouse.Cli.Tests.Ml;

/// <summary>The commands of forecasts as processes, with the lake's own store of runs and models and with a server's.</summary>
[Collection(nameof(ForecastCommandTests))]
public sealed class ForecastCommandTests(ForecastLake lake)
{
    private const string Tomorrow = "SELECT count(*), min(issued_at) FROM iceberg.ml.issued_forecasts";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_demo_ends_with_a_champion_the_forecast_of_each_farm_and_the_scoreboard()
    {
        Assert.Contains("Version 1 is the champion of pv-energy-day_ahead_10", lake.Demo, StringComparison.Ordinal);
        // Energy ends with the 23rd: what 10:00 of that day knows is for the 24th.
        Assert.Matches(@"AVLSF +Avonlie +2025-03-24 +[0-9.]+", lake.Demo);
        Assert.Matches(@"MERSOLAR +.+ +2025-03-24 +[0-9.]+", lake.Demo);
        Assert.Matches(@"(?m)^(lightgbm|ridge) +[0-9]+ ", lake.Demo);
        Assert.Matches(@"(?m)^convex combination +[0-9]+ ", lake.Demo);
    }

    [Fact]
    public async Task A_forecast_is_issued_once()
    {
        var before = await lake.RowsAsync(Tomorrow);

        var again = await lake.SucceedAsync("ml", "predict", "--horizon", "day_ahead_10");

        Assert.Contains("0 hours forecast by pv-energy-day_ahead_10 version 1", again, StringComparison.Ordinal);
        Assert.Contains("had been issued before and stay as they were", again, StringComparison.Ordinal);
        Assert.Equal(before, await lake.RowsAsync(Tomorrow));
    }

    [Fact]
    public async Task A_restored_backup_forecasts_with_the_champion_of_the_lake()
    {
        var (backups, restored) = (lake.Beside("backups"), lake.Beside("restored"));
        await lake.SucceedAsync("backup", backups);

        using var restore = await PvlakeProcess.RunAsync(Token, "restore", backups, "--lake", restored);
        using var predict = await PvlakeProcess.RunAsync(Token, "ml", "predict", "--at", "2025-03-23T00:30Z", "--lake", restored);
        using var models = await PvlakeProcess.RunAsync(Token, "ml", "models", "--format", "csv", "--lake", restored);

        Assert.True(restore.ExitCode == 0, restore.Error);
        Assert.True(predict.ExitCode == 0, predict.Error);
        Assert.Contains("pv-energy-day_ahead_10,1,champion", models.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_farm_that_is_deleted_leaves_the_forecasts_too()
    {
        var (backups, without) = (lake.Beside("backups-of-all"), lake.Beside("without"));
        await lake.SucceedAsync("backup", backups);
        foreach (var command in (string[][])
            [
                ["restore", backups],
                ["delete-data", "--facility", "MERSOLAR", "--yes"],
                ["rebuild", "--from", "bronze", "--yes"],
                ["check"],
            ])
        {
            using var run = await PvlakeProcess.RunAsync(Token, [.. command, "--lake", without]);
            Assert.True(run.ExitCode == 0, run.Error + run.Output);
        }

        using var left = await PvlakeProcess.RunAsync(
            Token, "sql",
            """
            SELECT string_agg(DISTINCT facility_code) FROM (
              SELECT facility_code FROM iceberg.ml.issued_forecasts UNION ALL SELECT facility_code FROM iceberg.ml.forecast_features
              UNION ALL SELECT d.facility_code FROM iceberg.gold.fact_solar_forecast_regression f
              JOIN iceberg.gold.dim_facility d ON d.facility_key = f.facility_key)
            """,
            "--format", "csv", "--lake", without);
        Assert.EndsWith("\nAVLSF\n", left.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_keeps_runs_and_models_while_it_is_set_and_the_lake_again_when_it_is_not(bool isOld)
    {
        await using var server = await MlflowServer.StartAsync(isOld ? MlflowServerOptions.V2 : MlflowServerOptions.V3);
        var set = new Dictionary<string, string>(StringComparer.Ordinal) { ["MLFLOW_TRACKING_URI"] = server.Address.AbsoluteUri };
        var own = await lake.SucceedAsync("ml", "models", "--format", "csv");

        using var train = await PvlakeProcess.RunAsync(set, Token, "ml", "train", "--learner", "ridge", "--horizon", "day_ahead_10", "--lake", lake.Lake);
        Assert.True(train.ExitCode == 0, train.Error);
        using var predict = await PvlakeProcess.RunAsync(set, Token, "ml", "predict", "--lake", lake.Lake);
        Assert.True(predict.ExitCode == 0, predict.Error);
        using var models = await PvlakeProcess.RunAsync(set, Token, "ml", "models", "--format", "csv", "--lake", lake.Lake);
        using var runs = await PvlakeProcess.RunAsync(set, Token, "ml", "runs", "--format", "csv", "--lake", lake.Lake);

        Assert.Contains("hours forecast by pv-energy-day_ahead_10 version 1", predict.Output, StringComparison.Ordinal);
        Assert.Contains("pv-energy-day_ahead_10,1,champion", models.Output, StringComparison.Ordinal);
        Assert.Contains("ridge day_ahead_10,Finished", runs.Output, StringComparison.Ordinal);
        Assert.Empty(server.Slips);
        Assert.Equal(1, server.RunCount);

        Assert.Equal(own, await lake.SucceedAsync("ml", "models", "--format", "csv"));
        await lake.SucceedAsync("ml", "predict", "--horizon", "day_ahead_10");
    }

    [Fact]
    public async Task Monitoring_ends_with_1_when_a_check_fails_and_keeps_what_it_found()
    {
        using var monitor = await lake.RunAsync("ml", "monitor", "--horizon", "day_ahead_10", "--format", "csv");

        var found = monitor.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        Assert.NotEmpty(found);
        var failed = found.Count(line => line.Contains(",fail,", StringComparison.Ordinal));
        Assert.Equal(failed > 0 ? 1 : 0, monitor.ExitCode);
        Assert.Equal(
            [$"{found.Length},{failed}"],
            await lake.RowsAsync(
                """
                SELECT count(*), count(*) FILTER (WHERE status = 'fail') FROM iceberg.ml.monitor_results
                WHERE checked_at = (SELECT max(checked_at) FROM iceberg.ml.monitor_results)
                """));
    }

    [Fact]
    public async Task A_challenger_is_tried_on_a_server_and_the_decision_kept_in_the_lake()
    {
        await using var server = await MlflowServer.StartAsync();
        string[] there = ["--horizon", "day_ahead_10", "--tracking", server.Address.AbsoluteUri];
        await lake.SucceedAsync(["ml", "train", "--learner", "ridge", .. there]);

        var retrained = await lake.SucceedAsync(["ml", "retrain", "--force", "--learner", "lightgbm", "--param", "num_iterations=20", .. there]);

        var models = await lake.SucceedAsync(["ml", "models", "--format", "csv", "--tracking", server.Address.AbsoluteUri]);
        var isPromoted = retrained.Contains("version 2 is champion now", StringComparison.Ordinal);
        Assert.Contains(isPromoted ? "pv-energy-day_ahead_10,2,champion," : "pv-energy-day_ahead_10,1,champion,", models, StringComparison.Ordinal);
        Assert.Equal(
            [$"1,2,{(isPromoted ? "true" : "false")},{(isPromoted ? "true" : "false")}"],
            await lake.RowsAsync(
                """
                SELECT champion_version, challenger_version, promoted, challenger_nrmse < champion_nrmse AND gain_low > 0
                FROM iceberg.ml.retrain_decisions ORDER BY decided_at DESC LIMIT 1
                """));
        Assert.Empty(server.Slips);
    }

    [Fact]
    public async Task A_version_is_made_champion_by_hand_and_the_reason_kept()
    {
        await using var server = await MlflowServer.StartAsync();
        string[] there = ["--horizon", "day_ahead_10", "--tracking", server.Address.AbsoluteUri];
        await lake.SucceedAsync(["ml", "train", "--learner", "ridge", .. there]);
        await lake.SucceedAsync(["ml", "train", "--learner", "ridge", "--param", "penalty=0.1", .. there]);

        using var unknown = await lake.RunAsync(["ml", "models", "promote", "--model-version", "3", "--reason", "It is newer.", .. there]);
        var promoted = await lake.SucceedAsync(["ml", "models", "promote", "--model-version", "2", "--reason", "Hail broke half the modules.", .. there]);

        Assert.NotEqual(0, unknown.ExitCode);
        Assert.Contains("3", unknown.Error, StringComparison.Ordinal);
        Assert.Equal("pv-energy-day_ahead_10 version 2 is champion now.\n", promoted);
        var models = await lake.SucceedAsync("ml", "models", "--format", "csv", "--tracking", server.Address.AbsoluteUri);
        Assert.Single(models.Split('\n'), line => line.Contains(",champion,", StringComparison.Ordinal));
        var champion = models.Split('\n').Single(line => line.StartsWith("pv-energy-day_ahead_10,2,champion,", StringComparison.Ordinal));
        Assert.EndsWith(",Hail broke half the modules.", champion, StringComparison.Ordinal);
        Assert.Empty(server.Slips);
    }

    [Fact]
    public async Task A_search_and_predictions_of_others_are_kept_by_a_server_too()
    {
        await using var server = await MlflowServer.StartAsync();
        string[] there = ["--horizon", "day_ahead_10", "--tracking", server.Address.AbsoluteUri];

        var tuned = await lake.SucceedAsync(["ml", "tune", "--learner", "ridge", "--candidates", "3", "--minutes", "5", .. there]);

        // One run of the search, one of each candidate, one of the winner.
        Assert.Contains("pv-energy-day_ahead_10 version 1", tuned, StringComparison.Ordinal);
        Assert.Equal(5, server.RunCount);

        // Clear skies for ever, for the newest two weeks.
        var file = lake.Beside("clear.csv");
        await File.WriteAllLinesAsync(
            file,
            [
                "facility_code,issued_at,date_hour,predicted_energy_mwh",
                .. await lake.RowsAsync(
                    """
                    SELECT facility_code, strftime(issued_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'),
                      strftime(date_hour AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'), clear_sky_share * issue_capacity_mw
                    FROM iceberg.ml.forecast_features
                    WHERE horizon = 'day_ahead_10' AND issued_at >= TIMESTAMPTZ '2025-03-08 00:00:00+00'
                    """),
            ],
            Token);
        var evaluated = await lake.SucceedAsync(["ml", "evaluate", "--file", file, "--name", "clear skies", .. there]);

        Assert.Contains("clear skies", evaluated, StringComparison.Ordinal);
        Assert.Equal(6, server.RunCount);
        Assert.Contains("clear skies", await lake.SucceedAsync("ml", "scoreboard", "--horizon", "day_ahead_10"), StringComparison.Ordinal);
        Assert.Empty(server.Slips);
    }

    [Fact]
    public async Task What_models_leave_in_the_lake_is_checked_with_the_rest()
    {
        await lake.SucceedAsync("ml", "predict", "--horizon", "day_ahead_10");

        var checks = await lake.SucceedAsync("check", "ml", "--format", "json");

        foreach (var table in (string[])["ml.issued_forecasts", "ml.model_versions", "ml.forecast_features", "ml.forecast_scores"])
        {
            Assert.Contains($"\"{table}\"", checks, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_registry_that_vanished_is_told_and_nothing_is_written()
    {
        Uri gone;
        await using (var server = await MlflowServer.StartAsync())
        {
            gone = server.Address;
        }

        var before = await lake.RowsAsync(Tomorrow);
        using var predict = await lake.RunAsync("ml", "predict", "--horizon", "day_ahead_10", "--tracking", gone.AbsoluteUri);

        Assert.NotEqual(0, predict.ExitCode);
        Assert.Contains(gone.Authority, predict.Error, StringComparison.Ordinal);
        Assert.Equal(before, await lake.RowsAsync(Tomorrow));
    }

    [Theory]
    [InlineData("There is no version 99 of the model pv-energy-day_ahead_10", "ml", "predict", "--horizon", "day_ahead_10", "--model-version", "99")]
    [InlineData("The model pv-energy-days_2_7 has no champion", "ml", "predict", "--horizon", "days_2_7")]
    [InlineData("'soon' is no instant", "ml", "predict", "--at", "soon")]
    [InlineData("--at asks for one issue and a window of days for many", "ml", "predict", "--at", "2025-03-23T00:30Z", "--date-start", "2025-03-20", "--date-end", "2025-03-21")]
    [InlineData("has no weather forecast that was known", "ml", "predict", "--at", "2025-06-01T00:30Z")]
    [InlineData("deadbeef", "ml", "train", "--repeat", "deadbeef")]
    [InlineData("has no rows of days_2_7", "ml", "train", "--horizon", "days_2_7")]
    [InlineData("'leaves' is no parameter", "ml", "train", "--param", "leaves")]
    public async Task What_cannot_be_done_is_said_in_a_sentence(string sentence, params string[] command)
    {
        using var run = await lake.RunAsync(command);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }
}
