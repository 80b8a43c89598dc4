using PvLakehouse.Pipeline.Quality;
using PvLakehouse.Pipeline.Silver;

namespace PvLakehouse.Pipeline.Tests.Quality;

public sealed class EnergyVetoTests
{
    /// <summary>What holds a farm's day back is what physics forbids and nothing else; whoever adds to it, does so knowingly.</summary>
    [Fact]
    public void Only_what_cannot_be_holds_a_day()
    {
        Assert.Equal(["OVER_NAMEPLATE", "ABOVE_CLEAR_SKY", "NIGHT_GENERATION"], Vetoes(CleanHourlyEnergy.Rules));
        Assert.Equal(["DOUBLED_DAY", "UNIT_MIX_UP"], Vetoes(CleanDailyEnergy.Rules));
        Assert.Empty(Vetoes(SolarClock.Rules));
    }

    private static IEnumerable<string> Vetoes(IReadOnlyList<QualityRule> rules) =>
        rules.Where(rule => rule.Severity == Severity.Veto).Select(rule => rule.Name);
}
