using System.Text.Json;

namespace PvLakehouse.Pipeline.Sources.Json;

/// <summary>Whether a body is one whole JSON value.</summary>
internal enum BodyState
{
    /// <summary>One JSON value, complete.</summary>
    Whole,

    /// <summary>It stops before its end: asking again may bring the rest.</summary>
    Cut,

    /// <summary>Not JSON: asking again brings the same.</summary>
    Malformed,
}

/// <summary>Tells a body cut off on its way, which a retry can heal, from a malformed one, which it cannot.</summary>
internal static class BodyCheck
{
    /// <summary>What Open-Meteo appends when it fails after the status line was sent (its body is then no
    /// JSON).</summary>
    private static ReadOnlySpan<byte> StreamingFault => "Unexpected error while streaming data"u8;

    public static BodyState Of(ReadOnlySpan<byte> body)
    {
        const int tail = 1_024;
        if (body[Math.Max(0, body.Length - tail)..].IndexOf(StreamingFault) >= 0)
        {
            return BodyState.Cut;
        }

        var json = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        var reader = new Utf8JsonReader(json, isFinalBlock: false, state: default);
        try
        {
            var tokens = 0;
            while (reader.Read())
            {
                tokens++;
            }

            // A bare number at the end of a non-final block is never reported, so it counts as cut: no API sends one.
            return tokens > 0 && reader.CurrentDepth == 0 ? BodyState.Whole : BodyState.Cut;
        }
        catch (JsonException)
        {
            return BodyState.Malformed;
        }
    }
}
