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
            ? [.. request.Variables.Select(_ => Array.Empty<double?>())]
            : data.Hourly(new(request.Route.Dataset, place.Location, [.. request.Variables.Select(variable => variable.Name)], now)
            {
                First = place.Hours.First,
                Count = place.Hours.Count,
            });
        return new(place, data.CellOf(request.Route.Dataset, place.Location),
            [.. request.Models.Select(model => (model, Columns(request, place, model, series, now)))]);
    }

    private IReadOnlyList<AnswerColumn> Columns(
        WeatherRequest request, WeatherPlace place, WeatherModel model, IReadOnlyList<double?[]?> series, DateTimeOffset now) =>
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
