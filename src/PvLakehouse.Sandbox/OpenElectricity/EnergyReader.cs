using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Registry;

namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary>Reads the energy of a unit and puts it into labelled buckets.</summary>
/// <remarks>
/// A 5-minute stamp of the NEM marks the END of its interval (AEMO's SETTLEMENTDATE), one of the WEM the start. Buckets of an hour and longer
/// are labelled by their start. In the real API an hour of the NEM sums the stamps H:00 to H:55 and so covers H - 5 min to H + 55 min; here
/// it covers H to H + 1 h exactly.
/// </remarks>
internal sealed class EnergyReader(ISandboxData data, DateTimeOffset asOf)
{
    private const double HoursOfStep = 5.0 / 60;

    /// <summary>The buckets from the first to the last that has a value; those without a value in between are null.</summary>
    public IReadOnlyList<SeriesPoint> Read(SeriesRequest request, SandboxFacility facility, SandboxUnit unit)
    {
        var rows = request.Interval == SeriesInterval.FiveMinutes
            ? Steps(request, facility, unit, request.Start, request.End)
            : Hours(request, facility, unit);
        var points = new List<SeriesPoint>(rows.Length);
        foreach (var row in Trim(rows))
        {
            var label = request.Interval.LabelOf(row.Label);
            if (points.Count == 0 || points[^1].Label != label)
            {
                points.Add(new(label, EnergyMwh: null, Hours: 0));
            }

            if (row.EnergyMwh is { } energy)
            {
                points[^1] = new(label, (points[^1].EnergyMwh ?? 0) + energy, points[^1].Hours + row.Hours);
            }
        }

        Repeat(points, request, facility, unit);
        return points;
    }

    /// <summary>Sends points twice where pages overlap: a page ends, and the next one starts before its end.</summary>
    private void Repeat(List<SeriesPoint> points, SeriesRequest request, SandboxFacility facility, SandboxUnit unit)
    {
        if (request.Interval is not (SeriesInterval.FiveMinutes or SeriesInterval.Hour))
        {
            return;
        }

        var lag = request.Interval is SeriesInterval.FiveMinutes && facility.NetworkId == "NEM" ? TimeSpan.FromMinutes(5) : TimeSpan.Zero;
        foreach (var (from, to) in data.SentTwice(unit, request.Network.Instant(request.Start), request.Network.Instant(request.End)))
        {
            bool IsIn(SeriesPoint point) => request.Network.Instant(point.Label - lag) is var start && start >= from && start < to;
            var end = points.FindLastIndex(IsIn) + 1;
            points.InsertRange(end, points.FindAll(IsIn));
        }
    }

    /// <summary>Rows of 5 minutes whose stamps lie in a range.</summary>
    private SeriesPoint[] Steps(SeriesRequest request, SandboxFacility facility, SandboxUnit unit, DateTime start, DateTime end)
    {
        var first = SeriesInterval.FiveMinutes.LabelOf(start.AddMinutes(5).AddTicks(-1));
        var values = new double?[Math.Max(0, (int)Math.Ceiling((end - first) / TimeSpan.FromMinutes(5)))];
        if (values.Length == 0)
        {
            return [];
        }

        var physical = facility.NetworkId == "NEM" ? first.AddMinutes(-5) : first;
        data.Energy(unit, EnergyInterval.FiveMinutes, request.Network.Instant(physical), asOf, values);
        return [.. values.Select((value, i) => new SeriesPoint(first.AddMinutes(5 * i), value, HoursOfStep))];
    }

    private SeriesPoint[] Hours(SeriesRequest request, SandboxFacility facility, SandboxUnit unit)
    {
        var first = SeriesInterval.Hour.LabelOf(request.Start);
        var values = new double?[Math.Max(0, (int)Math.Ceiling((request.End - first) / TimeSpan.FromHours(1)))];
        if (values.Length == 0)
        {
            return [];
        }

        data.Energy(unit, EnergyInterval.Hour, request.Network.Instant(first), asOf, values);
        SeriesPoint[] rows = [.. values.Select((value, i) => new SeriesPoint(first.AddHours(i), value, Hours: 1))];
        var now = request.Network.Local(asOf);
        for (var i = 0; i < rows.Length; i++)
        {
            var (from, to) = (rows[i].Label, rows[i].Label.AddHours(1));
            var isCut = from < request.Start || to > request.End;
            var isFresh = rows[i].EnergyMwh is null && to > now.AddHours(-1) && from <= now;
            if (isCut || isFresh)
            {
                rows[i] = Sum(rows[i].Label, Steps(request, facility, unit, Max(from, request.Start), Min(to, request.End)));
            }
        }

        return rows;
    }

    /// <summary>An hour of which only some 5-minute rows lie in the range or are published yet.</summary>
    private static SeriesPoint Sum(DateTime label, SeriesPoint[] steps)
    {
        var known = Array.FindAll(steps, step => step.EnergyMwh is not null);
        return new(label, known.Length == 0 ? null : known.Sum(step => step.EnergyMwh), known.Length * HoursOfStep);
    }

    private static ReadOnlySpan<SeriesPoint> Trim(SeriesPoint[] rows)
    {
        var first = Array.FindIndex(rows, row => row.EnergyMwh is not null);
        var last = Array.FindLastIndex(rows, row => row.EnergyMwh is not null);
        return first < 0 ? [] : rows.AsSpan(first, last - first + 1);
    }

    private static DateTime Max(DateTime a, DateTime b) => a > b ? a : b;

    private static DateTime Min(DateTime a, DateTime b) => a < b ? a : b;
}
