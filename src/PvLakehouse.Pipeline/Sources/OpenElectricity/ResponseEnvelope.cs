using PvLakehouse.Pipeline.Sources.Json;

namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>The keys around the data: version, success, error. Servers have added and dropped some, so only a refusal
/// counts.</summary>
internal static class ResponseEnvelope
{
    /// <summary>Keys of the envelope that nobody reads.</summary>
    public static IReadOnlyList<string> Unused { get; } = ["version", "created_at", "total_records", "response_status"];

    /// <summary>Reads the value of the current key when it belongs to the envelope.</summary>
    /// <exception cref="PayloadFormatException">The server says that it failed, in an answer that otherwise looks
    /// good.</exception>
    public static bool TryRead(ref PayloadReader reader)
    {
        if (reader.Is("success"u8))
        {
            return reader.Flag("true or false") ? true : throw reader.Wrong("success");
        }

        if (reader.Is("error"u8))
        {
            return reader.TextOrNull("an error text or null") is null ? true : throw reader.Wrong("no error");
        }

        return false;
    }
}
