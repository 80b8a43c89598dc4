using PvLakehouse.Sandbox.Http;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>A refusal in the words and the body of the server.</summary>
internal sealed class OpenMeteoError(int status, string reason) : Exception(reason)
{
    public static OpenMeteoError BadRequest(string reason) => new(400, reason);

    public static OpenMeteoError TooMany(string reason) => new(429, reason);

    /// <summary>A text that is none of the values of a type, in the words of the server's decoder.</summary>
    public static OpenMeteoError Invalid(string type, string value) =>
        BadRequest($"Data corrupted at path ''. Cannot initialize {type} from invalid String value {value}.");

    /// <summary>Something the real server has and the sandbox has not: refused in its own words, never ignored.</summary>
    public static OpenMeteoError NotOffered(string what) => BadRequest($"The sandbox does not offer {what}.");

    /// <summary>The body of every refusal.</summary>
    public Reply ToReply() => Body(status, Message);

    /// <summary>The body of every refusal.</summary>
    public static Reply Body(int status, string reason) => new BufferedReply(status, Reply.Json, JsonText.Build(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("error", value: true);
        json.WriteString("reason", reason);
        json.WriteEndObject();
    }));
}
