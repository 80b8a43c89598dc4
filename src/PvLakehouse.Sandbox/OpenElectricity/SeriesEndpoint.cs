using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Http;
using PvLakehouse.Sandbox.Plans;
using PvLakehouse.Sandbox.Time;

namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary><c>GET /v4/data/facilities/{network}</c>: series of units.</summary>
/// <remarks>
/// Energy, and power as its mean, come from the data. The sandbox has no prices, emissions or storage: those metrics are answered with
/// an empty list of results, and alone with 404.
/// </remarks>
internal sealed class SeriesEndpoint(ISandboxData data, PlanLimits limits, TimeProvider clock)
{
    // As in the published bodies: 6 decimals at most.
    private const int Decimals = 6;

    private readonly SeriesRequestReader _requests = new(data, limits, clock);

    public Reply Get(string networkCode, IQueryCollection query)
    {
        var errors = new ValidationErrors();
        if (_requests.Read(networkCode, query, errors) is not { } request)
        {
            return errors.ToReply();
        }

        var series = Series(request);
        if (series.Count == 0 || !request.Metrics.Any(HasData))
        {
            throw OpenElectricityError.NotFound(
                $"No data available for facility={JsonText.PythonList(request.FacilityCodes)} in the specified time range");
        }

        var body = new ArrayBufferWriter<byte>(series.Sum(one => one.Points.Count) * 48);
        using (var json = new Utf8JsonWriter(body, JsonText.Options))
        {
            Write(json, request, series);
        }

        return new BufferedReply(200, Reply.Json, body.WrittenMemory);
    }

    private static bool HasData(SeriesMetric metric) => metric == SeriesMetric.Energy || metric == SeriesMetric.Power;

    private List<UnitSeries> Series(SeriesRequest request)
    {
        var reader = new EnergyReader(data, clock.GetUtcNow());
        List<UnitSeries> series =
        [
            .. from pair in request.Units
               orderby pair.Unit.Code
               let points = reader.Read(request, pair.Facility, pair.Unit)
               where points.Count > 0
               select new UnitSeries(pair.Unit.Code, points),
        ];
        return request.IsMerged && series.Count > 0
            ? [new(UnitCode: null, [.. series.SelectMany(one => one.Points).OrderBy(point => point.Label)])]
            : series;
    }

    private void Write(Utf8JsonWriter json, SeriesRequest request, List<UnitSeries> series)
    {
        json.WriteStartObject();
        json.WriteString("version", OpenElectricityError.Version);
        json.WriteString("created_at", SydneyClock.At(clock.GetUtcNow()).ToString("yyyy-MM-dd'T'HH:mm:sszzz"));
        json.WriteBoolean("success", value: true);
        json.WriteStartArray("data");
        foreach (var metric in request.Metrics)
        {
            Write(json, request, series, metric);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SeriesRequest request, List<UnitSeries> series, SeriesMetric metric)
    {
        var offset = Encoding.ASCII.GetBytes(request.Network.Offset);
        var first = Stamp(series.Min(one => one.Points[0].Label), request);
        var last = Stamp(series.Max(one => one.Points[^1].Label), request);
        json.WriteStartObject();
        json.WriteString("network_code", request.Network.Code);
        json.WriteString("metric", metric.Name);
        json.WriteString("unit", metric.Unit);
        json.WriteString("interval", request.Interval.Name());
        json.WriteString("date_start", first);
        json.WriteString("date_end", last);
        json.WriteStartArray("groupings");
        json.WriteEndArray();
        json.WriteStartArray("results");
        foreach (var one in HasData(metric) ? series : [])
        {
            json.WriteStartObject();
            json.WriteString("name", $"{metric.Name}_{one.UnitCode ?? "total"}");
            json.WriteString("date_start", first);
            json.WriteString("date_end", last);
            json.WriteStartObject("columns");
            if (one.UnitCode is { } code)
            {
                json.WriteString("unit_code", code);
            }

            json.WriteEndObject();
            json.WritePropertyName("data");
            json.WriteRawValue(Points(one.Points, metric == SeriesMetric.Power, offset), skipInputValidation: true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("network_timezone_offset", request.Network.Offset);
        json.WriteEndObject();
    }

    private static string Stamp(DateTime label, SeriesRequest request) =>
        label.ToString("yyyy-MM-dd'T'HH:mm:ss") + request.Network.Offset;

    /// <summary>The array of points, written as bytes at once: this is nearly all of a body.</summary>
    private static ReadOnlySpan<byte> Points(IReadOnlyList<SeriesPoint> points, bool asPower, ReadOnlySpan<byte> offset)
    {
        const int LongestPoint = 40 + JsonText.MaxNumberLength;
        var text = new byte[2 + (points.Count * LongestPoint)];
        var at = 0;
        text[at++] = (byte)'[';
        foreach (var point in points)
        {
            "[\""u8.CopyTo(text.AsSpan(at));
            at += 2;
            point.Label.TryFormat(text.AsSpan(at), out var written, "s");
            at += written;
            offset.CopyTo(text.AsSpan(at));
            at += offset.Length;
            "\","u8.CopyTo(text.AsSpan(at));
            at += 2;
            if ((asPower ? point.PowerMw : point.EnergyMwh) is { } value)
            {
                at += JsonText.Rounded(value, Decimals, text.AsSpan(at));
            }
            else
            {
                "null"u8.CopyTo(text.AsSpan(at));
                at += 4;
            }

            "],"u8.CopyTo(text.AsSpan(at));
            at += 2;
        }

        text[at - 1] = (byte)']';
        return text.AsSpan(0, at);
    }

    /// <summary>The points of one unit, or of several merged ones when the code is null.</summary>
    private sealed record UnitSeries(string? UnitCode, IReadOnlyList<SeriesPoint> Points);
}
