using System.Globalization;
using System.Xml.Linq;

namespace PvLakehouse.Forecasting.Plots;

/// <summary>A plot as SVG: lines, bands and bars over two axes.</summary>
/// <remarks>
/// Text only, made without fonts or native libraries: machines without a screen often have neither, and the same run draws the same bytes
/// everywhere. Each series is a group whose title a browser shows under the pointer. Colours tell apart for everyone: M. Okabe and K. Ito,
/// "Color universal design", 2008.
/// </remarks>
internal sealed class SvgPlot
{
    public const string Blue = "#0072b2";
    public const string Orange = "#d55e00";
    public const string Grey = "#8c8c8c";
    public const string Black = "#1a1a1a";

    private const double Width = 960;
    private const double Height = 480;
    private const double Top = 76;
    private const double Margin = 24;

    // The last label of the axis below goes on beyond it.
    private const double Right = 40;
    private const double Bottom = 58;

    // The usual width of a character of 12 pixels.
    private const double Character = 6.8;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly string _title;
    private readonly Axis _x;
    private readonly Axis _y;
    private readonly double _left;
    private readonly List<XElement> _series = [];
    private readonly List<(string Label, string Colour, double Opacity)> _legend = [];

    /// <summary>Makes an empty plot.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="x">The axis to the right.</param>
    /// <param name="y">The axis upwards.</param>
    public SvgPlot(string title, Axis x, Axis y)
    {
        (_title, _x, _y) = (title, x, y);
        _left = 44 + (Character * y.Ticks.Max(tick => tick.Label.Length));
    }

    /// <summary>Adds a line.</summary>
    /// <param name="label">What it is, under the pointer.</param>
    /// <param name="points">Its points, by x.</param>
    /// <param name="colour">Its colour.</param>
    /// <param name="gap">Points further apart than this are not joined.</param>
    /// <param name="dashed">Whether it is dashed, as what is only for comparison.</param>
    /// <param name="legend">What the legend says of it; null for its label, empty for nothing.</param>
    public SvgPlot Line(
        string label, IReadOnlyList<(double X, double Y)> points, string colour, double gap = double.PositiveInfinity, bool dashed = false,
        string? legend = null)
    {
        // A point alone is joined to itself, and its round cap is a dot.
        var path = string.Concat(Runs(points, point => point.X, gap).Select(run =>
            "M" + string.Join('L', (run.Length > 1 ? run : [run[0], run[0]]).Select(point => At(point.X, point.Y)))));
        var line = new XElement(
            Svg + "path", new XAttribute("d", path), new XAttribute("fill", "none"),
            new XAttribute("stroke", colour), new XAttribute("stroke-width", 2), new XAttribute("stroke-linecap", "round"));
        if (dashed)
        {
            line.Add(new XAttribute("stroke-dasharray", "6 4"));
        }

        return Add(label, legend ?? label, colour, 1, [line]);
    }

    /// <summary>Adds the area between two lines.</summary>
    /// <param name="label">What it is.</param>
    /// <param name="points">Its lower and upper ends, by x.</param>
    /// <param name="colour">Its colour.</param>
    /// <param name="opacity">0 for nothing to 1 for all.</param>
    /// <param name="gap">Points further apart than this are not joined.</param>
    public SvgPlot Band(
        string label, IReadOnlyList<(double X, double Low, double High)> points, string colour, double opacity,
        double gap = double.PositiveInfinity)
    {
        var path = string.Concat(Runs(points, point => point.X, gap).Select(run =>
            "M" + string.Join(
                'L', [.. run.Select(point => At(point.X, point.High)), .. run.Reverse().Select(point => At(point.X, point.Low))]) + "Z"));
        return Add(
            label, label, colour, opacity,
            [new(Svg + "path", new XAttribute("d", path), new XAttribute("fill", colour), new XAttribute("fill-opacity", Text(opacity)))]);
    }

    /// <summary>Adds bars that lie on their side, from 0 to a value each, at 0, 1, 2 and so on of the upward axis.</summary>
    /// <param name="label">What they are.</param>
    /// <param name="bars">Value and explanation of each, from 0 on.</param>
    /// <param name="colour">Their colour.</param>
    public SvgPlot Bars(string label, IReadOnlyList<(double Value, string Meaning)> bars, string colour)
    {
        var thick = 0.7 * Math.Abs(Y(1) - Y(0));
        return Add(label, "", colour, 1, bars.Index().Select(bar => Box(
            Math.Min(X(0), X(bar.Item.Value)), Y(bar.Index) - (thick / 2), Math.Abs(X(bar.Item.Value) - X(0)), thick, colour,
            new XElement(Svg + "title", bar.Item.Meaning))));
    }

    /// <summary>The plot as a file of SVG.</summary>
    public byte[] ToBytes()
    {
        var svg = new XElement(
            Svg + "svg", new XAttribute("viewBox", $"0 0 {Text(Width)} {Text(Height)}"),
            new XAttribute("width", Text(Width)), new XAttribute("height", Text(Height)),
            new XAttribute("font-family", "sans-serif"), new XAttribute("font-size", 12), new XAttribute("role", "img"),
            new XElement(Svg + "title", _title),
            Box(0, 0, Width, Height, "#ffffff"),
            Label(_title, Margin, 26, "start", 16),
            Legend(), Grid(), _series,
            Label(_x.Title, (_left + Width - Right) / 2, Height - 14, "middle"),
            Label(_y.Title, 18, (Top + Height - Bottom) / 2, "middle", turned: true));
        using var bytes = new MemoryStream();
        new XDocument(new XDeclaration("1.0", "utf-8", standalone: null), svg).Save(bytes, SaveOptions.DisableFormatting);
        return bytes.ToArray();
    }

    private static string Text(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    /// <summary>Points that are joined, run by run.</summary>
    private static IEnumerable<T[]> Runs<T>(IReadOnlyList<T> points, Func<T, double> x, double gap)
    {
        for (var start = 0; start < points.Count;)
        {
            var end = start + 1;
            while (end < points.Count && x(points[end]) - x(points[end - 1]) <= gap)
            {
                end++;
            }

            yield return [.. points.Skip(start).Take(end - start)];
            start = end;
        }
    }

    private static XElement Label(string text, double x, double y, string anchor, int size = 12, bool turned = false)
    {
        var label = new XElement(
            Svg + "text", new XAttribute("x", Text(x)), new XAttribute("y", Text(y)), new XAttribute("text-anchor", anchor),
            new XAttribute("fill", Black), text);
        if (size != 12)
        {
            label.Add(new XAttribute("font-size", size));
        }

        if (turned)
        {
            label.Add(new XAttribute("transform", $"rotate(-90 {Text(x)} {Text(y)})"));
        }

        return label;
    }

    private static XElement Box(double x, double y, double width, double height, string colour, params object[] more) => new(
        Svg + "rect", new XAttribute("x", Text(x)), new XAttribute("y", Text(y)), new XAttribute("width", Text(width)),
        new XAttribute("height", Text(height)), new XAttribute("fill", colour), more);

    private SvgPlot Add(string label, string legend, string colour, double opacity, IEnumerable<XElement> shapes)
    {
        _series.Add(new(Svg + "g", new XAttribute("class", "series"), new XElement(Svg + "title", label), shapes));
        if (legend.Length > 0)
        {
            _legend.Add((legend, colour, opacity));
        }

        return this;
    }

    private double X(double value) => _left + (_x.Share(value) * (Width - Right - _left));

    private double Y(double value) => Height - Bottom - (_y.Share(value) * (Height - Bottom - Top));

    private string At(double x, double y) => $"{Text(X(x))} {Text(Y(y))}";

    private IEnumerable<XElement> Legend()
    {
        var x = Margin;
        foreach (var (label, colour, opacity) in _legend)
        {
            yield return Box(x, 44, 18, 10, colour, new XAttribute("fill-opacity", Text(opacity)));
            yield return Label(label, x + 24, 53, "start");
            x += 44 + (Character * label.Length);
        }
    }

    private IEnumerable<XElement> Grid()
    {
        foreach (var (at, label) in _x.Ticks)
        {
            yield return GridLine(X(at), Top, X(at), Height - Bottom);
            yield return Label(label, X(at), Height - Bottom + 18, "middle");
        }

        foreach (var (at, label) in _y.Ticks)
        {
            yield return GridLine(_left, Y(at), Width - Right, Y(at));
            yield return Label(label, _left - 6, Y(at) + 4, "end");
        }
    }

    private static XElement GridLine(double fromX, double fromY, double toX, double toY) => new(
        Svg + "path", new XAttribute("d", $"M{Text(fromX)} {Text(fromY)}L{Text(toX)} {Text(toY)}"), new XAttribute("stroke", "#e0e0e0"));
}
