using PvLakehouse.Solar.Time;

namespace PvLakehouse.Solar.Tests.Time;

public sealed class NetworkClockTests
{
    [Fact]
    public void A_network_day_starts_at_the_same_utc_time_in_summer_and_winter()
    {
        var summer = NetworkClock.Nem.StartOf(new(2025, 1, 1));
        var winter = NetworkClock.Nem.StartOf(new(2025, 7, 1));

        Assert.Equal(new(2024, 12, 31, 14, 0, 0, TimeSpan.Zero), summer.ToUniversalTime());
        Assert.Equal(new(2025, 6, 30, 14, 0, 0, TimeSpan.Zero), winter.ToUniversalTime());
    }

    [Fact]
    public void The_western_market_is_two_hours_behind_the_eastern() =>
        Assert.Equal(
            TimeSpan.FromHours(2),
            NetworkClock.Wem.StartOf(new(2025, 1, 1)) - NetworkClock.Nem.StartOf(new(2025, 1, 1)));

    [Fact]
    public void An_instant_has_the_calendar_day_of_the_network_and_not_of_its_own_offset() =>
        Assert.Equal(
            new DateOnly(2025, 10, 6),
            NetworkClock.Nem.DayOf(new(2025, 10, 5, 14, 0, 0, TimeSpan.Zero)));

    [Fact]
    public void Networks_are_found_by_their_identifier_and_others_are_refused()
    {
        Assert.Same(NetworkClock.Nem, NetworkClock.Of("NEM"));
        Assert.Same(NetworkClock.Wem, NetworkClock.Of("WEM"));
        Assert.Contains("'nem'", Assert.Throws<ArgumentException>(() => NetworkClock.Of("nem")).Message, StringComparison.Ordinal);
    }
}
