using PvLakehouse.Sandbox.Data;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>Gets the values of a request from the data, place by place.</summary>
internal sealed class AnswerReader(ISandboxData data, TimeProvider clock)
{
    public PlaceAnswer Read(WeatherRequest request, WeatherPlace place)
    {
        var now = clock.GetUtcNow();
        var series = request.Variables.Count == 0 || place.Hours.Count == 0
            ? Array.ConvertAll(request.Variables.ToArray(), _ => (double?[]?)[])
            : Series(request, place, now);
        return new(place, data.CellOf(request.Route.Dataset, place.Location),
            [.. request.Models.Select(model => (model, Columns(request, place, model, series, now)))]);
    }

    /// <summary>One series a variable: those of one lead are asked for together.</summary>
    private double?[]?[] Series(WeatherRequest request, WeatherPlace place, DateTimeOffset now)
    {
        var series = new double?[]?[request.Variables.Count];
        foreach (var (lead, variables) in request.Variables.Index().GroupBy(variable => variable.Item.LeadDays).Select(group => (group.Key, group.ToArray())))
        {
            var values = data.Hourly(new(request.Route.Dataset, place.Location, [.. variables.Select(variable => variable.Item.Name)], now)
            {
                First = place.Hours.First,
                Count = place.Hours.Count,
                LeadDays = lead,
            });
            foreach (var ((index, _), found) in variables.Zip(values))
            {
                series[index] = found;
            }
        }

        return series;
    }

    private IReadOnlyList<AnswerColumn> Columns(
        WeatherRequest request, WeatherPlace place, WeatherModel model, double?[]?[] series, DateTimeOffset now) =>
    [
        .. request.Variables.Select((variable, i) => new AnswerColumn(
            request.Models.Count > 1 ? $"{request.Names[i]}_{model.Name}" : request.Names[i],
            variable,
            Published(series[i], place.Hours, model, now),
            request.Units.From(variable.Unit),
            data.Kind == SandboxDataKind.Replay)),
    ];

    /// <summary>The values that a slow model has published.</summary>
    private static double?[]? Published(double?[]? values, HourRange hours, WeatherModel model, DateTimeOffset now)
    {
        if (values is null || model.DelayDays == 0)
        {
            return values;
        }

        var published = UtcHour.Containing(now.AddDays(-model.DelayDays)) - hours.First + 1;
        return [.. values.Select((value, i) => i < published ? value : null)];
    }
}
