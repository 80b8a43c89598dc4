using System.Globalization;
using PvLakehouse.Benchmarks.Quality;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Quality;

/// <summary>The scorecard of <c>bench/run quality</c> on a small world: the rules name labelled faults, and little else.</summary>
public sealed class ScorecardTests
{
    // Floors, at or some hundredths below what this small world gives; docs/quality.md has the full scorecard and why some are low.
    private static readonly Dictionary<string, (double Precision, double Recall)> Floors = new(StringComparer.Ordinal)
    {
        ["outage"] = (0.85, 0.95),
        ["curtailment"] = (0.7, 0.8),
        ["clipping"] = (0.9, 0.95),
        ["freeze"] = (0.95, 0.95),
        ["doubling"] = (0.95, 0.95),
        ["gap"] = (0.95, 0.95),
        ["series that stops"] = (0.95, 0.95),
        ["shift by 30 min"] = (0.95, 0.95),
        ["unit mix-up"] = (0.95, 0.95),
        [LedgerScore.Corrections] = (0.95, 0.95),
        [LedgerScore.Duplicates] = (0.95, 0.95),
    };

    [Fact]
    public async Task Labelled_faults_of_a_small_world_are_named_and_little_else()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"pvlake-scorecard-{Guid.CreateVersion7():N}");
        try
        {
            var options = new ScorecardOptions
            {
                Seed = 20240101,
                Farms = ["AVLSF", "BOMENSF", "DARLSF", "FINLEYSF", "LIMOSF2", "WRSF1"],
                History = new DayRange(new(2024, 1, 1), new(2024, 3, 31)),
                DailyRuns = 5,
                ProviderFaultRate = 10,
            };
            var scores = await Scorecard.MakeAsync(options, folder, TestContext.Current.CancellationToken);
            var table = string.Join('\n', scores.Select(score => string.Create(
                CultureInfo.InvariantCulture,
                $"{score.Class}: {score.Caught} named, {score.Missed.Count} missed, {score.Wrong.Count} wrongly named: {string.Join(", ", score.Wrong.GroupBy(one => one.Faults, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}"))}")));
            TestContext.Current.TestOutputHelper?.WriteLine(table);

            Assert.All(scores.Where(score => Floors.ContainsKey(score.Class)), score =>
            {
                Assert.True(score.Precision >= Floors[score.Class].Precision && score.Recall >= Floors[score.Class].Recall, table);
            });
            Assert.Equal(Floors.Keys.Order(StringComparer.Ordinal), scores.Select(score => score.Class).Where(Floors.ContainsKey).Order(StringComparer.Ordinal));
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
