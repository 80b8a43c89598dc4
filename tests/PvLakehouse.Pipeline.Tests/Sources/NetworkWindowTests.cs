using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Tests.Sources;

public sealed class NetworkWindowTests
{
    [Fact]
    public void Days_are_whole_and_the_last_one_is_included()
    {
        var window = NetworkWindow.OfDays(NetworkClock.Nem, new(2025, 10, 1), new(2025, 10, 31));

        Assert.Equal(("2025-10-01T00:00:00", "2025-11-01T00:00:00"), (window.StartText, window.EndText));
        Assert.Equal("2025-09-30T14:00:00Z", window.StartInstant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssK"));
    }

    [Fact]
    public void A_network_has_no_daylight_saving_so_every_day_has_24_hours()
    {
        // Sydney's clocks change on 2025-10-05 and 2026-04-05; the NEM's do not.
        foreach (var day in new DateOnly[] { new(2025, 10, 5), new(2026, 4, 5) })
        {
            var window = NetworkWindow.OfDays(NetworkClock.Nem, day, day);
            Assert.Equal(24, (window.EndInstant - window.StartInstant).TotalHours);
            Assert.Equal(TimeSpan.FromHours(10), window.EndInstant.Offset);
        }
    }

    [Fact]
    public void Western_Australia_starts_its_day_two_hours_later()
    {
        var nem = NetworkWindow.OfDays(NetworkClock.Nem, new(2025, 10, 1), new(2025, 10, 1));
        var wem = NetworkWindow.OfDays(NetworkClock.Wem, new(2025, 10, 1), new(2025, 10, 1));

        Assert.Equal(nem.StartText, wem.StartText);
        Assert.Equal(2, (wem.StartInstant - nem.StartInstant).TotalHours);
    }

    [Fact]
    public void Instants_are_read_on_the_network_clock()
    {
        var window = NetworkWindow.Between(
            NetworkClock.Wem, new(2025, 10, 4, 15, 0, 0, TimeSpan.Zero), new(2025, 10, 5, 3, 0, 0, TimeSpan.FromHours(11)));

        // 15:00Z is 23:00+08; 03:00+11 is 16:00Z and so 00:00+08 of the next day.
        Assert.Equal(("2025-10-04T23:00:00", "2025-10-05T00:00:00"), (window.StartText, window.EndText));
    }

    [Fact]
    public void Pieces_touch_without_overlap_and_only_the_last_is_shorter()
    {
        var pieces = NetworkWindow.OfDays(NetworkClock.Nem, new(2024, 1, 1), new(2025, 12, 22)).Split(32).ToList();

        // 722 days (366 + 356) are 22 pieces of 32 days and one of 18.
        Assert.Equal(23, pieces.Count);
        Assert.All(pieces[..^1], piece => Assert.Equal(32, (piece.End - piece.Start).TotalDays));
        Assert.Equal(18, (pieces[^1].End - pieces[^1].Start).TotalDays);
        Assert.Equal(pieces.Skip(1).Select(piece => piece.Start), pieces.SkipLast(1).Select(piece => piece.End));
        Assert.Equal(("2024-01-01T00:00:00", "2025-12-23T00:00:00"), (pieces[0].StartText, pieces[^1].EndText));
    }

    [Fact]
    public void A_window_that_ends_before_it_starts_is_refused()
    {
        Assert.Throws<ArgumentException>(() => NetworkWindow.OfDays(NetworkClock.Nem, new(2025, 10, 2), new(2025, 9, 30)));
        Assert.Throws<ArgumentException>(() => new NetworkWindow(NetworkClock.Nem, new(2025, 1, 1), new(2025, 1, 1)));
    }

    [Fact]
    public void Weather_of_a_window_reaches_one_stamp_past_its_last_hour()
    {
        var query = HourlyQuery.Covering(
            [Bodies.Avonlie], NetworkWindow.OfDays(NetworkClock.Nem, new(2025, 10, 1), new(2025, 10, 1)));

        // The mean over the last hour, 23:00 to 24:00 network time, is stamped by its end: 14:00Z.
        Assert.Equal(("2025-09-30T14:00Z", "2025-10-01T14:00Z"), (query.First.ToString(), query.Last.ToString()));
    }
}
