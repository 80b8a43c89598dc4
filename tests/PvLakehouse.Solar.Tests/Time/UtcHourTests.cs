using CsCheck;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Solar.Tests.Time;

public sealed class UtcHourTests
{
    [Fact]
    public void An_hour_contains_its_start_and_not_its_end()
    {
        var hour = UtcHour.StartingAt(new(2025, 1, 31, 4, 0, 0, TimeSpan.Zero));

        Assert.Equal(hour, UtcHour.Containing(hour.Start));
        Assert.Equal(hour, UtcHour.Containing(hour.End.AddTicks(-1)));
        Assert.Equal(hour.AddHours(1), UtcHour.Containing(hour.End));
    }

    [Fact]
    public void Network_midnight_is_the_hour_14_of_the_day_before() =>
        Assert.Equal("2025-09-30T14:00Z", UtcHour.StartingAt(new(2025, 10, 1, 0, 0, 0, TimeSpan.FromHours(10))).ToString());

    [Fact]
    public void An_instant_before_1970_belongs_to_the_hour_that_started_before_it()
    {
        var hour = UtcHour.Containing(DateTimeOffset.UnixEpoch.AddMinutes(-1));

        Assert.Equal(-1, hour.HoursSinceEpoch);
        Assert.Equal("1969-12-31T23:00Z", hour.ToString());
    }

    [Fact]
    public void An_instant_within_an_hour_cannot_name_it()
    {
        var halfPast = new DateTimeOffset(2025, 1, 1, 9, 30, 0, TimeSpan.FromHours(9.5));

        Assert.Equal("2025-01-01T00:00Z", UtcHour.StartingAt(halfPast).ToString());
        var error = Assert.Throws<ArgumentException>(() => UtcHour.StartingAt(halfPast.AddMinutes(30)));
        Assert.Contains("2025-01-01T10:00:00", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Adding_and_subtracting_hours_are_inverse_and_agree_with_the_order() =>
        Gen.Select(Gen.Int[-500_000, 500_000], Gen.Int[-10_000, 10_000]).Sample((start, step) =>
        {
            var hour = default(UtcHour).AddHours(start);
            var later = hour.AddHours(step);
            Assert.Equal(step, later - hour);
            Assert.Equal(step < 0, later < hour);
            Assert.Equal(step > 0, later > hour);
            Assert.Equal(step <= 0, later <= hour);
            Assert.Equal(step >= 0, later >= hour);
            Assert.Equal(Math.Sign(step), Math.Sign(later.CompareTo(hour)));
        });
}
