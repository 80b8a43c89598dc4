using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Runs;

public sealed class CoverageTests
{
    [Fact]
    public void Days_that_touch_become_one_range()
    {
        var coverage = Coverage.Empty.With(["A"], Days("2024-01-01/2024-01-31")).With(["A"], Days("2024-02-01/2024-02-02"));

        Assert.Equal("2024-01-01/2024-02-02=A", coverage.ToString());
    }

    [Fact]
    public void Days_apart_stay_apart_and_the_gap_is_missing()
    {
        var coverage = Coverage.Empty.With(["A"], Days("2024-01-01/2024-01-10")).With(["A"], Days("2024-01-20/2024-01-31"));

        Assert.Equal(
            [Days("2023-12-30/2023-12-31"), Days("2024-01-11/2024-01-19"), Days("2024-02-01/2024-02-02")],
            coverage.Missing("A", Days("2023-12-30/2024-02-02")));
    }

    [Fact]
    public void A_range_inside_another_adds_nothing()
    {
        var coverage = Coverage.Empty.With(["A"], Days("2024-01-01/2024-01-31"));

        Assert.Equal(coverage.ToString(), coverage.With(["A"], Days("2024-01-05/2024-01-06")).ToString());
    }

    [Fact]
    public void Nothing_is_missing_inside_what_is_covered() =>
        Assert.Empty(Coverage.Parse("2024-01-01/2024-12-31=A").Missing("A", Days("2024-03-01/2024-03-31")));

    [Fact]
    public void Everything_is_missing_of_a_farm_never_asked_for() =>
        Assert.Equal([Days("2024-03-01/2024-03-31")], Coverage.Parse("2024-01-01/2024-12-31=A").Missing("B", Days("2024-03-01/2024-03-31")));

    [Fact]
    public void Farms_with_the_same_days_share_an_entry_and_the_text_reads_back()
    {
        const string text = "2024-01-01/2024-01-31=A,B;2024-03-01/2024-03-31=A";

        Assert.Equal(text, Coverage.Parse(text).ToString());
        Assert.Equal(new DateOnly(2024, 3, 31), Coverage.Parse(text).LastDay("A"));
        Assert.Equal(new DateOnly(2024, 1, 31), Coverage.Parse(text).LastDay("B"));
    }

    [Fact]
    public void A_broken_text_is_refused_with_an_example()
    {
        var error = Assert.Throws<FormatException>(() => Coverage.Parse("yesterday"));

        Assert.Contains("2024-01-01/2024-01-31=AVLSF", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_range_that_ends_before_it_starts_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new DayRange(new(2024, 2, 1), new(2024, 1, 31)));

        Assert.Contains("2024-01-31, before its start 2024-02-01", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_range_splits_into_pieces_of_which_only_the_last_is_shorter() =>
        Assert.Equal(
            [Days("2024-01-01/2024-01-10"), Days("2024-01-11/2024-01-20"), Days("2024-01-21/2024-01-30"), Days("2024-01-31/2024-01-31")],
            Days("2024-01-01/2024-01-31").Split(10));

    private static DayRange Days(string text) => DayRange.Parse(text);
}
