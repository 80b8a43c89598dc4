using PvLakehouse.Solar.Sun;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Solar;

/// <summary>Where the sun stands during an hour: at the middles of its twelve 5-minute intervals, and of the interval before them.</summary>
/// <remarks>
/// Everything that is computed about an hour looks at the same thirteen positions, so they are computed once; of consecutive hours
/// the last of one is the first of the next. Not for several threads at once.
/// </remarks>
/// <param name="site">The observer.</param>
public sealed class HourSun(Site site)
{
    private const double SecondsPerSubPoint = 3600.0 / HourGeometry.SubPoints;
    private readonly SunPosition[] _positions = new SunPosition[HourGeometry.SubPoints + 1];
    private bool _known;

    /// <summary>The observer.</summary>
    public Site Site { get; } = site;

    /// <summary>The hour [Hour, Hour + 1 h) that the positions belong to.</summary>
    public UtcHour Hour { get; private set; }

    /// <summary>The positions within the hour. Length <see cref="HourGeometry.SubPoints"/>.</summary>
    public ReadOnlySpan<SunPosition> Positions => _positions.AsSpan(1);

    /// <summary>The position in the middle of the five minutes before the hour.</summary>
    public SunPosition Before => _positions[0];

    /// <summary>Moves to an hour.</summary>
    /// <returns>This object.</returns>
    public HourSun At(UtcHour hour)
    {
        var start = hour.HoursSinceEpoch * 3600.0;
        _positions[0] = _known && hour - Hour == 1 ? _positions[^1] : AlmanacSun.At(Site, start - (SecondsPerSubPoint / 2));
        for (var i = 0; i < HourGeometry.SubPoints; i++)
        {
            _positions[i + 1] = AlmanacSun.At(Site, start + ((i + 0.5) * SecondsPerSubPoint));
        }

        (Hour, _known) = (hour, true);
        return this;
    }
}
