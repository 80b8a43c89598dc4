using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PvLakehouse.Iceberg.Json;

/// <summary>Between JSON text and documents, with typed failures.</summary>
internal static class JsonText
{
    // Metadata is read by JSON parsers only, never put into HTML: leave quotes in summaries and names readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static T Read<T>(ReadOnlyMemory<byte> utf8, string what, string? location, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new IcebergFormatException($"{what} is not JSON: {e.Message}", location, e);
        }
        catch (IcebergFormatException e) when (e.Location is null && location is not null)
        {
            throw new IcebergFormatException(e.Message, location, e);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or InvalidOperationException or FormatException)
        {
            // Constructors check what they are given; here that came from the document.
            throw new IcebergFormatException($"{what} is not valid: {e.Message}", location, e);
        }
    }

    public static T Read<T>(string json, string what, Func<JsonElement, T> read)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Read(Encoding.UTF8.GetBytes(json), what, null, read);
    }

    public static byte[] WriteBytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static string Write(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(WriteBytes(write));
}
