using System.Globalization;
using System.Text;
using PvLakehouse.Sandbox.Http;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>Writes answers as CSV: a block of places, an empty line, a block of hours; missing values are NaN.</summary>
internal static class CsvAnswer
{
    public static async Task WriteAsync(
        Stream output, WeatherRequest request, Func<WeatherPlace, PlaceAnswer> read, CancellationToken cancellationToken)
    {
        PlaceAnswer[] answers = [.. request.Places.Select(read)];
        var text = new StringBuilder();
        var isMany = answers.Length > 1;
        text.Append(isMany ? "location_id," : "").Append("latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation\n");
        foreach (var answer in answers)
        {
            var zone = answer.Place.Hours.Zone;
            _ = isMany ? text.Append(CultureInfo.InvariantCulture, $"{answer.Place.Id},") : text;
            text.Append(CultureInfo.InvariantCulture, $"{answer.Cell.Latitude},{answer.Cell.Longitude},")
                .Append(answer.Cell.Elevation is { } elevation ? elevation.ToString("0.0", CultureInfo.InvariantCulture) : "NaN")
                .Append(CultureInfo.InvariantCulture, $",{zone.OffsetSeconds},{zone.Name},{zone.Abbreviation}\n");
        }

        if (request.Variables.Count > 0)
        {
            text.Append('\n').Append(isMany ? "location_id,time" : "time");
            foreach (var column in answers[0].Columns)
            {
                text.Append(CultureInfo.InvariantCulture, $",{column.Key} ({column.Unit.Symbol})");
            }

            text.Append('\n');
            foreach (var answer in answers)
            {
                Append(text, request, answer, isMany);
                await FlushAsync(output, text, cancellationToken);
            }
        }

        await FlushAsync(output, text, cancellationToken);
    }

    private static void Append(StringBuilder text, WeatherRequest request, PlaceAnswer answer, bool isMany)
    {
        var hours = answer.Place.Hours;
        AnswerColumn[] columns = [.. answer.Columns];
        Span<byte> number = stackalloc byte[JsonText.MaxNumberLength];
        for (var i = 0; i < hours.Count; i++)
        {
            _ = isMany ? text.Append(CultureInfo.InvariantCulture, $"{answer.Place.Id},") : text;
            _ = request.HasUnixTime ? text.Append(hours.UnixTime(i)) : text.Append(hours.Label(i));
            foreach (var column in columns)
            {
                text.Append(',');
                text.Append(column[i] is { } value ? Encoding.ASCII.GetString(number[..column.Write(value, number)]) : "NaN");
            }

            text.Append('\n');
        }
    }

    private static async Task FlushAsync(Stream output, StringBuilder text, CancellationToken cancellationToken)
    {
        await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
        text.Clear();
    }
}
