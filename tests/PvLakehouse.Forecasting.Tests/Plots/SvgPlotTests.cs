using System.Xml.Linq;
using PvLakehouse.Forecasting.Plots;

namespace PvLakehouse.Forecasting.Tests.Plots;

/// <summary>Lines, bands and bars lie where their values say.</summary>
public sealed class SvgPlotTests
{
    // The plot is 960 by 480 with 76 above, 58 below and 40 on the right. Labels of two characters leave 44 + 2 * 6.8 = 57.6 on the left: 862.4 by 346.
    private static readonly Axis Ten = Axis.OfNumbers("ten", 0, 10);

    [Theory]
    [InlineData(0, 97, "0 20 40 60 80 100")]
    [InlineData(0, 8.3, "0 2 4 6 8 10")]
    [InlineData(-1.2, 7.9, "-2 0 2 4 6 8")]
    [InlineData(0, 0.34, "0.00 0.05 0.10 0.15 0.20 0.25 0.30 0.35")]
    [InlineData(0, 100, "0 20 40 60 80 100")]
    [InlineData(3, 3, "2.0 2.5 3.0 3.5 4.0")]
    public void An_axis_is_marked_at_round_numbers(double least, double most, string ticks)
    {
        var axis = Axis.OfNumbers("x", least, most);

        Assert.Equal(ticks, string.Join(' ', axis.Ticks.Select(tick => tick.Label)));
        Assert.Equal((axis.Ticks[0].At, axis.Ticks[^1].At), (axis.From, axis.To));
    }

    [Fact]
    public void A_line_joins_its_points_except_over_a_gap_where_they_are_dots()
    {
        var svg = Read(new SvgPlot("a < b & c", Ten, Ten).Line("it", [(0, 0), (5, 10), (10, 5)], SvgPlot.Blue, gap: 5).Line("other", [(0, 0), (5, 10), (10, 5)], SvgPlot.Grey, gap: 4));

        // Half of 862.4 is 431.2; half of 346 is 173.
        Assert.Equal("M57.6 422L488.8 76L920 249", Paths(svg, "it").Single());
        Assert.Equal("M57.6 422L57.6 422M488.8 76L488.8 76M920 249L920 249", Paths(svg, "other").Single());
        Assert.Equal("a < b & c", svg.Elements().First().Value);
        Assert.Contains(svg.Elements(), text => text.Name.LocalName == "text" && text.Value == "it");
    }

    [Fact]
    public void A_band_goes_along_its_top_and_back_along_its_bottom()
    {
        var svg = Read(new SvgPlot("t", Ten, Ten).Band("it", [(0, 0, 10), (10, 5, 10)], SvgPlot.Blue, 0.5));

        Assert.Equal("M57.6 76L920 76L920 249L57.6 422Z", Paths(svg, "it").Single());
    }

    [Fact]
    public void Bars_go_from_nought_to_their_values()
    {
        // Three words of one character leave 44 + 6.8 = 50.8 on the left and 869.2 for -4 to 4: nought is in the middle, at 485.4. Each word has 346 / 3 = 115.33,
        // 0.7 of it is 80.73, and the first is on top: its middle at 76 + 57.67 = 133.67.
        var svg = Read(new SvgPlot("t", Axis.OfNumbers("x", -4, 4), Axis.OfWords("", ["a", "b", "c"]).Reversed()).Bars("it", [(4, "four"), (0, "none"), (-2, "less")], SvgPlot.Blue));

        var bars = Series(svg).Single().Elements().Where(element => element.Name.LocalName == "rect").ToArray();
        Assert.Equal(["four", "none", "less"], bars.Select(bar => bar.Value));
        Assert.Equal([("485.4", "434.6"), ("485.4", "0"), ("268.1", "217.3")], bars.Select(bar => (bar.Attribute("x")!.Value, bar.Attribute("width")!.Value)));
        Assert.Equal(("93.3", "80.73"), (bars[0].Attribute("y")!.Value, bars[0].Attribute("height")!.Value));
    }

    internal static IEnumerable<XElement> Series(XElement svg) => svg.Elements().Where(element => element.Attribute("class")?.Value == "series");

    private static XElement Read(SvgPlot plot)
    {
        using var bytes = new MemoryStream(plot.ToBytes());
        return XDocument.Load(bytes).Root!;
    }

    private static IEnumerable<string> Paths(XElement svg, string label) => Series(svg).Single(series => series.Elements().First().Value == label)
        .Elements().Where(element => element.Name.LocalName == "path").Select(path => path.Attribute("d")!.Value);
}
