using PvLakehouse.Sandbox.Http;

namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary>A refusal in the words and the envelope of the server.</summary>
internal sealed class OpenElectricityError(int status, string message) : Exception(message)
{
    /// <summary>The server version that the sandbox stands in for.</summary>
    public const string Version = "4.5.11";

    public static OpenElectricityError BadRequest(string message) => new(400, message);

    public static OpenElectricityError Unauthorized(string message) => new(401, message);

    public static OpenElectricityError NotFound(string message) => new(404, message);

    /// <summary>The body that almost every refusal has.</summary>
    public Reply ToReply() => Envelope(status, Message);

    /// <summary>The body that almost every refusal has.</summary>
    public static Reply Envelope(int status, string message) => new BufferedReply(status, Reply.Json, JsonText.Build(json =>
    {
        json.WriteStartObject();
        json.WriteString("version", Version);
        json.WriteString("response_status", "ERROR");
        json.WriteString("error", message);
        json.WriteBoolean("success", value: false);
        json.WriteEndObject();
    }));

    /// <summary>The web framework's own body, for unknown paths and methods.</summary>
    public static Reply Detail(int status, string detail) => new BufferedReply(status, Reply.Json, JsonText.Build(json =>
    {
        json.WriteStartObject();
        json.WriteString("detail", detail);
        json.WriteEndObject();
    }));
}
