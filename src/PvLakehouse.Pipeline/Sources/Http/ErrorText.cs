using System.Text;
using System.Text.Json;

namespace PvLakehouse.Pipeline.Sources.Http;

/// <summary>Finds the server's own words in an error body; each server and gateway wraps them differently.</summary>
internal static class ErrorText
{
    private const int Longest = 300;

    /// <summary>The message, or null when the body has none worth showing.</summary>
    public static string? Of(ReadOnlyMemory<byte> body)
    {
        var text = FromJson(body, Message) ?? Plain(body.Span);
        return text is { Length: > Longest } ? text[..Longest] + "..." : text;
    }

    /// <summary>OpenElectricity's own refusal, {"error": "..."}; null for a gateway's or framework's error.</summary>
    public static string? OfEnvelope(ReadOnlyMemory<byte> body) =>
        FromJson(body, root => root.TryGetProperty("error", out var error) ? TextOrMessage(error) : null);

    private static string? FromJson(ReadOnlyMemory<byte> body, Func<JsonElement, string?> select)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? select(document.RootElement) : null;
        }
        catch (JsonException)
        {
            // An error page of a gateway: no JSON, and no error of its own.
            return null;
        }
    }

    private static string? Message(JsonElement root)
    {
        foreach (var key in (ReadOnlySpan<string>)["error", "reason", "message", "detail"])
        {
            if (root.TryGetProperty(key, out var value) && TextOrMessage(value) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    private static string? TextOrMessage(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object => value.TryGetProperty("message", out var message) ? TextOrMessage(message) : null,
        JsonValueKind.Array => string.Join("; ", value.EnumerateArray().Select(Validation).OfType<string>()) is { Length: > 0 } all
            ? all
            : null,
        _ => null,
    };

    /// <summary>One entry of FastAPI's list: {"loc": ["query", "interval"], "msg": "Input should be ..."}.</summary>
    private static string? Validation(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("msg", out var message))
        {
            return null;
        }

        var place = entry.TryGetProperty("loc", out var loc) && loc.ValueKind == JsonValueKind.Array
            ? string.Join('.', loc.EnumerateArray().Select(step => step.ToString()))
            : null;
        return place is null ? message.ToString() : $"{place}: {message}";
    }

    private static string? Plain(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, Longest * 2)]).Trim();
        return text.Length == 0 || text[0] is '<' or '{' or '[' ? null : text;
    }
}
