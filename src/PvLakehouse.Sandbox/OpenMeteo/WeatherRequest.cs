using PvLakehouse.Sandbox.Registry;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>A valid request for hourly series.</summary>
/// <param name="Route">The endpoint.</param>
/// <param name="Places">Where and when, one per answer, in the order asked for.</param>
internal sealed record WeatherRequest(WeatherRoute Route, IReadOnlyList<WeatherPlace> Places)
{
    /// <summary>The variables as the client spelled them.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The same variables.</summary>
    public required IReadOnlyList<HourlyVariable> Variables { get; init; }

    /// <summary>The models, at least one.</summary>
    public required IReadOnlyList<WeatherModel> Models { get; init; }

    /// <summary>The units to answer in.</summary>
    public required UnitChoice Units { get; init; }

    /// <summary>Labels in seconds since 1970 in place of ISO 8601.</summary>
    public required bool HasUnixTime { get; init; }

    /// <summary>The form of the answer.</summary>
    public required AnswerFormat Format { get; init; }

    /// <summary>What the call counts against the budget.</summary>
    public double Weight => Places.Sum(place => CallWeight.Of(Variables.Count, Models.Count, (place.Hours.Count + 23) / 24));
}

/// <summary>Where and when.</summary>
/// <param name="Location">The coordinate as the client gave it.</param>
/// <param name="Hours">The hours.</param>
/// <param name="Id">The answer's <c>location_id</c>.</param>
internal sealed record WeatherPlace(SandboxLocation Location, HourRange Hours, long Id);
