using PvLakehouse.TestServers.Mlflow;

namespace PvLakehouse.Cli.Tests.Ml;

/// <summary>Commands of forecasts that are killed without warning leave runs, models and tables that agree, and a second run completes.</summary>
[Collection(nameof(ForecastCommandTests))]
public sealed class KilledForecastTests(ForecastLake lake)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("rows to learn from")]
    [InlineData("Scoring.")]
    public async Task A_training_that_is_killed_counts_as_killed_and_the_next_one_completes(string at)
    {
        var champion = await ChampionAsync();

        await KillAsync(at, "ml", "train", "--learner", "lightgbm", "--horizon", "day_ahead_10");
        var finished = await lake.SucceedAsync("ml", "train", "--learner", "ridge", "--horizon", "day_ahead_10");

        Assert.Contains("pv-energy-day_ahead_10 version", finished, StringComparison.Ordinal);
        var runs = await lake.SucceedAsync("ml", "runs", "--format", "csv");
        Assert.Contains("lightgbm day_ahead_10,Killed", runs, StringComparison.Ordinal);
        Assert.DoesNotContain("Running", runs, StringComparison.Ordinal);
        Assert.Equal(champion, await ChampionAsync());
        await AgreesAsync();
    }

    [Fact]
    public async Task A_promotion_that_is_killed_is_made_by_the_next_training()
    {
        await using var server = await MlflowServer.StartAsync();
        string[] train = ["ml", "train", "--learner", "ridge", "--horizon", "day_ahead_10", "--tracking", server.Address.AbsoluteUri];

        // Said before it is done.
        await KillAsync("is the champion of", train);
        await lake.SucceedAsync(train);

        var models = await lake.SucceedAsync("ml", "models", "--format", "csv", "--tracking", server.Address.AbsoluteUri);
        Assert.Single(models.Split('\n'), line => line.Contains(",champion,", StringComparison.Ordinal));
        var runs = await lake.SucceedAsync("ml", "runs", "--format", "csv", "--tracking", server.Address.AbsoluteUri);
        Assert.Equal(2, server.RunCount);
        Assert.Contains(",Killed,", runs, StringComparison.Ordinal);
        Assert.Contains(",Finished,", runs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_challenge_that_is_killed_is_decided_once_by_the_next()
    {
        await using var server = await MlflowServer.StartAsync();
        string[] there = ["--horizon", "day_ahead_10", "--tracking", server.Address.AbsoluteUri];
        await lake.SucceedAsync(["ml", "train", "--learner", "ridge", .. there]);
        string[] retrain = ["ml", "retrain", "--force", "--learner", "lightgbm", "--param", "num_iterations=20", .. there];

        await KillAsync("Comparing it with the champion.", retrain);
        await lake.SucceedAsync(retrain);

        var models = await lake.SucceedAsync("ml", "models", "--format", "csv", "--tracking", server.Address.AbsoluteUri);
        Assert.Single(models.Split('\n'), line => line.Contains(",champion,", StringComparison.Ordinal));
        var challenger = models.Split('\n').Single(line => line.StartsWith("pv-energy-day_ahead_10,2,", StringComparison.Ordinal)).Split(',');
        var isPromoted = challenger[2] == "champion";
        Assert.Equal(
            [$"1,2,{(isPromoted ? "true" : "false")}"],
            await lake.RowsAsync(
                $"SELECT champion_version, challenger_version, promoted FROM iceberg.ml.retrain_decisions WHERE challenger_run_id = '{challenger[4]}'"));
        Assert.DoesNotContain("pv-energy-day_ahead_10,3,", models, StringComparison.Ordinal);
        await AgreesAsync();
    }

    [Theory]
    [InlineData("*.parquet")]
    [InlineData("*.metadata.json")]
    public async Task Forecasts_that_are_killed_are_issued_whole_or_not_at_all(string fileOfTheCommit)
    {
        // Another version, so that there is something to issue.
        var trained = await lake.SucceedAsync("ml", "train", "--learner", "ridge", "--horizon", "day_ahead_10");
        var version = trained.Split(' ')[trained.Split(' ').IndexOf("version") + 1].TrimEnd(':');
        string[] command = ["ml", "predict", "--horizon", "day_ahead_10", "--model-version", version];
        var before = Files(fileOfTheCommit);

        using (var run = PvlakeProcess.Start(onLine: null, [.. command, "--lake", lake.Lake]))
        {
            var end = run.WaitAsync(Token);
            while (!end.IsCompleted && Files(fileOfTheCommit) == before)
            {
                await Task.Yield();
            }

            run.Signal("KILL");
            await end;
            Assert.NotEqual(0, run.ExitCode);
        }

        Assert.Contains($"pv-energy-day_ahead_10 version {version}", await lake.SucceedAsync(command), StringComparison.Ordinal);

        // As many as version 1 forecast of the same hours.
        Assert.Equal(
            ["1"],
            await lake.RowsAsync(
                $"""
                SELECT count(DISTINCT forecasts) FROM (
                  SELECT run_id, count(*) AS forecasts FROM iceberg.ml.issued_forecasts
                  WHERE model_version IN (1, {version}) AND issued_at >= TIMESTAMPTZ '2025-03-23 00:00:00+00' GROUP BY run_id)
                """));
        await AgreesAsync();
    }

    private int Files(string pattern) =>
        Directory.GetFiles(Path.Combine(lake.Lake, "warehouse", "ml", "issued_forecasts"), pattern, SearchOption.AllDirectories).Length;

    /// <summary>Starts a command and kills it when it has printed a line.</summary>
    private async Task KillAsync(string line, params string[] command)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var run = PvlakeProcess.Start(
            text =>
            {
                if (text.Contains(line, StringComparison.Ordinal))
                {
                    reached.TrySetResult();
                }
            },
            [.. command, "--lake", lake.Lake]);
        await reached.Task.WaitAsync(Token);
        run.Signal("KILL");
        await run.WaitAsync(Token);
        Assert.NotEqual(0, run.ExitCode);
    }

    private async Task<string> ChampionAsync()
    {
        var models = await lake.SucceedAsync("ml", "models", "--format", "csv");
        return models.Split('\n').Single(line => line.Contains(",champion,", StringComparison.Ordinal)).Split(',')[1];
    }

    /// <summary>What the check finds, and that every version that forecast is one the registry knows.</summary>
    private async Task AgreesAsync()
    {
        await lake.SucceedAsync("ml", "predict", "--horizon", "day_ahead_10");
        using var check = await lake.RunAsync("check");
        Assert.True(check.ExitCode == 0, check.Output);
        Assert.Equal(
            ["0"],
            await lake.RowsAsync("SELECT count(*) FROM iceberg.gold.fact_solar_forecast_regression WHERE model_version_id = 0"));
    }
}
