using Google.FlatBuffers;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>Writes answers as FlatBuffers messages: one per place and model, each behind its length in 4 bytes, little-endian.</summary>
/// <remarks>
/// Tables and slots follow Open-Meteo's published schema (github.com/open-meteo/sdk, weather_api.fbs, version 1.28).
/// Values are 32-bit floats, not rounded; NaN for missing ones.
/// </remarks>
internal static class FlatBuffersAnswer
{
    public static async Task WriteAsync(
        Stream output, WeatherRequest request, Func<WeatherPlace, PlaceAnswer> read, TimeProvider clock, CancellationToken cancellationToken)
    {
        foreach (var place in request.Places)
        {
            var started = clock.GetTimestamp();
            var answer = read(place);
            foreach (var (model, columns) in answer.Models)
            {
                var message = Message(answer, model, columns, clock.GetElapsedTime(started));
                await output.WriteAsync(message, cancellationToken);
            }
        }
    }

    private static byte[] Message(PlaceAnswer answer, WeatherModel model, IReadOnlyList<AnswerColumn> columns, TimeSpan took)
    {
        var builder = new FlatBufferBuilder(1024 + (columns.Count * ((answer.Place.Hours.Count * sizeof(float)) + 64)));
        var zone = answer.Place.Hours.Zone;
        var hourly = columns.Count == 0 ? 0 : Hourly(builder, answer.Place.Hours, columns);

        // The zone's names are absent when it is GMT.
        var (name, abbreviation) = zone == Zone.Gmt
            ? (0, 0)
            : (builder.CreateString(zone.Name).Value, builder.CreateString(zone.Abbreviation).Value);
        builder.StartTable(15);
        builder.AddFloat(0, answer.Cell.Latitude, 0);
        builder.AddFloat(1, answer.Cell.Longitude, 0);
        builder.AddFloat(2, answer.Cell.Elevation ?? float.NaN, 0);
        builder.AddFloat(3, (float)took.TotalMilliseconds, 0);
        builder.AddLong(4, answer.Place.Id, 0);
        builder.AddByte(5, model.BinaryCode, 0);
        builder.AddInt(6, zone.OffsetSeconds, 0);
        builder.AddOffset(7, name, 0);
        builder.AddOffset(8, abbreviation, 0);
        builder.AddOffset(11, hourly, 0);
        builder.FinishSizePrefixed(builder.EndTable());
        return builder.SizedByteArray();
    }

    private static int Hourly(FlatBufferBuilder builder, HourRange hours, IReadOnlyList<AnswerColumn> columns)
    {
        int[] variables = [.. columns.Select(column => Variable(builder, column, hours.Count))];
        builder.StartVector(sizeof(int), variables.Length, sizeof(int));
        foreach (var variable in variables.Reverse())
        {
            builder.AddOffset(variable);
        }

        var vector = builder.EndVector().Value;
        builder.StartTable(4);
        builder.AddLong(0, hours.UnixTime(0), 0);
        builder.AddLong(1, hours.UnixTime(hours.Count), 0);
        builder.AddInt(2, 3_600, 0);
        builder.AddOffset(3, vector, 0);
        return builder.EndTable();
    }

    private static int Variable(FlatBufferBuilder builder, AnswerColumn column, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float?)column[i] ?? float.NaN;
        }

        builder.StartVector(sizeof(float), count, sizeof(float));
        builder.Add(values);
        var vector = builder.EndVector().Value;
        builder.StartTable(12);
        builder.AddByte(0, column.Variable.BinaryCode, 0);
        builder.AddByte(1, column.Unit.BinaryCode, 0);
        builder.AddOffset(3, vector, 0);
        builder.AddShort(5, column.Variable.Altitude, 0);
        builder.AddShort(11, (short)column.Variable.LeadDays, 0);
        return builder.EndTable();
    }
}
