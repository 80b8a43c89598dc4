namespace PvLakehouse.Pipeline.Sources.Json;

/// <summary>Reads the few ISO 8601 forms that the sources send; the framework's parser would guess a missing
/// offset.</summary>
internal static class StampText
{
    /// <summary>yyyy-MM-ddTHH:mm[:ss] followed by Z or ±HH:mm, as a true instant with offset zero.</summary>
    public static bool TryInstant(ReadOnlySpan<byte> text, out DateTimeOffset instant)
    {
        instant = default;
        if (!TryWallClock(text, out var wall, out var rest) || !TryOffset(rest, out var offset))
        {
            return false;
        }

        var ticks = wall.Ticks - offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        instant = new(ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>yyyy-MM-ddTHH:mm[:ss] without offset, known to be UTC.</summary>
    public static bool TryUtc(ReadOnlySpan<byte> text, out DateTimeOffset instant)
    {
        instant = default;
        if (!TryWallClock(text, out var wall, out var rest) || !rest.IsEmpty)
        {
            return false;
        }

        instant = new(wall.Ticks, TimeSpan.Zero);
        return true;
    }

    private static bool TryWallClock(ReadOnlySpan<byte> text, out DateTime wall, out ReadOnlySpan<byte> rest)
    {
        wall = default;
        rest = default;
        if (text.Length < 16 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':'
            || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month)
            || !TryDigits(text[8..10], out var day) || !TryDigits(text[11..13], out var hour)
            || !TryDigits(text[14..16], out var minute))
        {
            return false;
        }

        rest = text[16..];
        var second = 0;
        if (rest is [(byte)':', ..])
        {
            if (rest.Length < 3 || !TryDigits(rest[1..3], out second))
            {
                return false;
            }

            rest = rest[3..];
        }

        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        wall = new(year, month, day, hour, minute, second, DateTimeKind.Unspecified);
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text is [(byte)'Z'])
        {
            return true;
        }

        if (text is not [(byte)'+' or (byte)'-', _, _, (byte)':', _, _]
            || !TryDigits(text[1..3], out var hours) || !TryDigits(text[4..6], out var minutes) || hours > 14 || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var character in text)
        {
            if (character is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            number = (number * 10) + (character - '0');
        }

        return true;
    }
}
