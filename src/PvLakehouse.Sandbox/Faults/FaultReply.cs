using PvLakehouse.Sandbox.Http;
using PvLakehouse.Sandbox.OpenElectricity;
using PvLakehouse.Sandbox.OpenMeteo;

namespace PvLakehouse.Sandbox.Faults;

/// <summary>The answers of faults that have a status of their own, in the bodies of the real servers.</summary>
internal static class FaultReply
{
    public static Reply Of(FaultKind kind, bool isEnergy) => (kind, isEnergy) switch
    {
        (FaultKind.TooManyRequests, true) => OpenElectricityError.Envelope(429, "Too Many Requests"),
        (FaultKind.TooManyRequests, false) =>
            OpenMeteoError.Body(429, "Minutely API request limit exceeded. Please try again in one minute."),
        (FaultKind.InternalError, true) =>
            OpenElectricityError.Envelope(500, "An internal server error occurred. Please try again later."),
        (FaultKind.InternalError, false) => OpenMeteoError.Body(500, "Internal Server Error"),
        (FaultKind.Unavailable, true) => OpenElectricityError.Envelope(503, "Maintenance Mode"),
        (FaultKind.Unavailable, false) => OpenMeteoError.Body(503, "The service is overloaded"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only faults with a status have an answer of their own."),
    };
}
