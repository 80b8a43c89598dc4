using System.Globalization;

namespace PvLakehouse.Cli.Commands.Tables;

/// <summary>Instants as people write them: how long ago, a day, or a timestamp; without zone they are UTC.</summary>
internal static class InstantText
{
    private static readonly string[] Formats =
        ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss.FFFFFF", "yyyy-MM-ddTHH:mmK",
            "yyyy-MM-ddTHH:mm:ss.FFFFFFK"];

    // More days than .NET's calendar has.
    private const int MostUnits = 10_000_000;

    public static bool TryRead(string text, DateTimeOffset now, out DateTimeOffset instant) =>
        TryReadAgo(text, now, out instant) || DateTimeOffset.TryParseExact(
            text,
            Formats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out instant);

    private static bool TryReadAgo(string text, DateTimeOffset now, out DateTimeOffset instant)
    {
        instant = default;
        var unit = text is [.., var last] ? last : ' ';
        if (unit is not ('d' or 'h' or 'm')
            || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture,
                out var number)
            || number > MostUnits)
        {
            return false;
        }

        var ago = unit switch
        {
            'd' => TimeSpan.FromDays(number),
            'h' => TimeSpan.FromHours(number),
            _ => TimeSpan.FromMinutes(number),
        };
        if (ago > now - DateTimeOffset.UnixEpoch)
        {
            return false;
        }

        instant = now - ago;
        return true;
    }
}
