using System.Globalization;
using Microsoft.AspNetCore.Http;
using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Http;
using PvLakehouse.Sandbox.Plans;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>Answers the weather and air quality endpoints.</summary>
internal sealed class OpenMeteoApi(ISandboxData data, PlanLimits limits, TimeProvider clock) : IDisposable
{
    private readonly WeatherQuota _quota = new(limits, clock);
    private readonly WeatherRequestReader _requests = new(limits, data.Kind, clock);
    private readonly AnswerReader _answers = new(data, clock);

    /// <summary>Answers a request and hands the reply over while the request still holds its place in the queue.</summary>
    public async Task AnswerAsync(HttpRequest request, Func<Reply, Task> sendAsync, CancellationToken cancellationToken)
    {
        using var turn = await _quota.EnterAsync(cancellationToken);
        if (turn is null)
        {
            await sendAsync(OpenMeteoError.TooMany("Too many concurrent requests").ToReply());
            return;
        }

        await sendAsync(await ReplyAsync(request, cancellationToken));
    }

    public void Dispose() => _quota.Dispose();

    private async Task<Reply> ReplyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // A failed call weighs 1.
        var weight = 1.0;
        try
        {
            if (WeatherRoute.Of(request.Path.Value!) is not { } route)
            {
                return OpenMeteoError.Body(StatusCodes.Status404NotFound, "Not Found");
            }

            if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsPost(request.Method))
            {
                return OpenMeteoError.Body(StatusCodes.Status404NotFound, "Not Found");
            }

            if (_quota.Refusal() is { } refusal)
            {
                throw OpenMeteoError.TooMany(refusal);
            }

            var question = _requests.Read(route, await WeatherParameters.ReadAsync(request, cancellationToken));
            if (_quota.IsTooHeavy(question.Weight))
            {
                throw OpenMeteoError.BadRequest(
                    "Your API call requests too much data. Please reduce the number of variables, locations and/or weather models.");
            }

            weight = question.Weight;
            return Answer(question);
        }
        catch (OpenMeteoError error)
        {
            return error.ToReply();
        }
        finally
        {
            _quota.Charge(weight);
        }
    }

    private StreamedReply Answer(WeatherRequest request)
    {
        PlaceAnswer Read(WeatherPlace place) => _answers.Read(request, place);
        return request.Format switch
        {
            AnswerFormat.Csv => new(200, "text/csv; charset=utf-8", (output, token) => CsvAnswer.WriteAsync(output, request, Read, token))
            {
                Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Content-Disposition"] = Disposition(request.Places[0]) },
            },
            AnswerFormat.FlatBuffers => new(
                200, "application/octet-stream", (output, token) => FlatBuffersAnswer.WriteAsync(output, request, Read, clock, token)),
            _ => new(200, Reply.Json, (output, token) => JsonAnswer.WriteAsync(output, request, Read, clock, token)),
        };
    }

    private static string Disposition(WeatherPlace place)
    {
        var (latitude, longitude) = (place.Location.Latitude, place.Location.Longitude);
        return string.Create(CultureInfo.InvariantCulture,
            $"attachment; filename=\"open-meteo-{Math.Abs(latitude):0.00}{(latitude < 0 ? 'S' : 'N')}{Math.Abs(longitude):0.00}{(longitude < 0 ? 'W' : 'E')}.csv\"");
    }
}
