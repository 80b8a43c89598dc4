using System.Buffers;
using System.Text;
using System.Text.Json;
using PvLakehouse.Sandbox.Http;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>Writes answers as JSON: an object for one place, an array for more.</summary>
internal static class JsonAnswer
{
    public static async Task WriteAsync(
        Stream output, WeatherRequest request, Func<WeatherPlace, PlaceAnswer> read, TimeProvider clock, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var times = new Dictionary<HourRange, byte[]>();
        for (var i = 0; i < request.Places.Count; i++)
        {
            var place = request.Places[i];
            var started = clock.GetTimestamp();
            var answer = read(place);
            if (request.Places.Count > 1)
            {
                buffer.Write(i == 0 ? "["u8 : ","u8);
            }

            if (!times.TryGetValue(place.Hours, out var time))
            {
                times.Add(place.Hours, time = Times(place.Hours, request.HasUnixTime));
            }

            using (var json = new Utf8JsonWriter(buffer, JsonText.Options))
            {
                Write(json, request, answer, time, clock.GetElapsedTime(started));
            }

            if (i > 0 && i == request.Places.Count - 1)
            {
                buffer.Write("]"u8);
            }

            await output.WriteAsync(buffer.WrittenMemory, cancellationToken);
            buffer.ResetWrittenCount();
        }
    }

    private static void Write(Utf8JsonWriter json, WeatherRequest request, PlaceAnswer answer, byte[] times, TimeSpan took)
    {
        var zone = answer.Place.Hours.Zone;
        json.WriteStartObject();
        json.WriteNumber("latitude", answer.Cell.Latitude);
        json.WriteNumber("longitude", answer.Cell.Longitude);
        json.WriteNumber("generationtime_ms", took.TotalMilliseconds);
        json.WriteNumber("utc_offset_seconds", zone.OffsetSeconds);
        json.WriteString("timezone", zone.Name);
        json.WriteString("timezone_abbreviation", zone.Abbreviation);
        if (answer.Cell.Elevation is { } elevation && float.IsFinite(elevation))
        {
            json.Number("elevation", elevation, decimals: 1);
        }

        if (answer.Place.Id != 0)
        {
            json.WriteNumber("location_id", answer.Place.Id);
        }

        if (request.Variables.Count > 0)
        {
            AnswerColumn[] columns = [.. answer.Columns];
            json.WriteStartObject("hourly_units");
            json.WriteString("time", request.HasUnixTime ? "unixtime" : "iso8601");
            foreach (var column in columns)
            {
                json.WriteString(column.Key, column.Unit.Symbol);
            }

            json.WriteEndObject();
            json.WriteStartObject("hourly");
            json.WritePropertyName("time");
            json.WriteRawValue(times, skipInputValidation: true);
            foreach (var column in columns)
            {
                json.WritePropertyName(column.Key);
                WriteValues(json, column, answer.Place.Hours.Count);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static byte[] Times(HourRange hours, bool asUnixTime)
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < hours.Count; i++)
        {
            text.Append(i == 0 ? "" : ",");
            _ = asUnixTime ? text.Append(hours.UnixTime(i)) : text.Append('"').Append(hours.Label(i)).Append('"');
        }

        return Encoding.ASCII.GetBytes(text.Append(']').ToString());
    }

    /// <summary>Writes an array of numbers as bytes at once: this is nearly all of a body.</summary>
    private static void WriteValues(Utf8JsonWriter json, AnswerColumn column, int count)
    {
        var text = ArrayPool<byte>.Shared.Rent(2 + (count * (JsonText.MaxNumberLength + 1)));
        var at = 0;
        text[at++] = (byte)'[';
        for (var i = 0; i < count; i++)
        {
            if (column[i] is { } value)
            {
                at += column.Write(value, text.AsSpan(at));
            }
            else
            {
                "null"u8.CopyTo(text.AsSpan(at));
                at += 4;
            }

            text[at++] = (byte)',';
        }

        text[count == 0 ? at++ : at - 1] = (byte)']';
        json.WriteRawValue(text.AsSpan(0, at), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(text);
    }
}
