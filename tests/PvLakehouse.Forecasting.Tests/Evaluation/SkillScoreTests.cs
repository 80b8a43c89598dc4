using PvLakehouse.Forecasting.Evaluation;

namespace PvLakehouse.Forecasting.Tests.Evaluation;

public sealed class SkillScoreTests
{
    private static readonly DateTimeOffset First = new(2025, 1, 1, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Half_the_error_is_a_skill_of_a_half_whatever_days_are_drawn()
    {
        var skill = SkillScore.Of(Days(_ => 5), Days(_ => 10), seed: 1);

        Assert.Equal((0.5, 0.5, 0.5, true), (skill.Skill, skill.Low, skill.High, skill.IsBetter));
    }

    [Fact]
    public void Luck_on_one_day_is_no_skill()
    {
        // Equal but for one day of thirty: draws without it (0.967^30 = 36 % of them) show none.
        var skill = SkillScore.Of(Days(day => day == 7 ? 0 : 10), Days(day => day == 7 ? 40 : 10), seed: 1);

        // Squares 29 x 100 against 29 x 100 + 1600: 1 - sqrt(2900 / 4500) = 0.1972.
        Assert.Equal(0.1972, skill.Skill, precision: 4);
        Assert.Equal((0.0, false), (skill.Low, skill.IsBetter));
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval()
    {
        var (forecast, reference) = (Days(day => day), Days(day => 20 - (day % 7)));

        Assert.Equal(SkillScore.Of(forecast, reference, seed: 3), SkillScore.Of(forecast, reference, seed: 3));
    }

    [Fact]
    public void Other_hours_cannot_be_compared()
    {
        var error = Assert.Throws<ArgumentException>(() => SkillScore.Of(Days(_ => 1), [.. Days(_ => 2).Skip(1)], seed: 1));

        Assert.StartsWith("The forecast has 30 hours, the reference 29, and they are not the same", error.Message, StringComparison.Ordinal);
    }

    private static ScoredHour[] Days(Func<int, double> error) =>
    [
        .. Enumerable.Range(0, 30).Select(day => new ScoredHour("AVLSF", First.AddDays(day - 1), First.AddDays(day), 100, 50, 50 + error(day))),
    ];
}
