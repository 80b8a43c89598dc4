using PvLakehouse.Solar.Time;

namespace PvLakehouse.Solar.Tests.Time;

public sealed class HourLabelTests
{
    private static readonly UtcHour Ten = UtcHour.StartingAt(new(2025, 6, 1, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_preceding_hour_mean_stamped_eleven_belongs_to_the_hour_that_starts_at_ten() =>
        Assert.Equal(new HourStarting<double>(Ten, 402), new HourEnding<double>(Ten.AddHours(1), 402).ToHourStarting());

    [Fact]
    public void Momentary_values_represent_an_hour_by_the_mean_of_both_ends() =>
        Assert.Equal(
            new HourStarting<double>(Ten, 15),
            HourMean.Between(new AtInstant<double>(Ten, 14), new AtInstant<double>(Ten.AddHours(1), 16)));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-1)]
    public void Momentary_values_that_are_not_one_hour_apart_are_refused(int hours)
    {
        var error = Assert.Throws<ArgumentException>(
            () => HourMean.Between(new AtInstant<double>(Ten, 14), new AtInstant<double>(Ten.AddHours(hours), 16)));
        Assert.Contains("2025-06-01T10:00Z", error.Message, StringComparison.Ordinal);
    }
}
