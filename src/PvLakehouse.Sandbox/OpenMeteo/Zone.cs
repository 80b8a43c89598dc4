namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>A time zone as the server applies it: one offset for a whole series, the one of the moment of the request.</summary>
/// <param name="Name">As the client named it; GMT for UTC.</param>
/// <param name="OffsetSeconds">Offset of the labels from UTC [s].</param>
internal sealed record Zone(string Name, int OffsetSeconds)
{
    public static readonly Zone Gmt = new("GMT", 0);

    /// <summary>Data are read at whole hours only, so half-hour zones see values 30 minutes off their labels, as at the real server.</summary>
    public int WholeHours => OffsetSeconds / 3_600;

    /// <summary>The offset in the server's notation, for example GMT+9:30.</summary>
    public string Abbreviation
    {
        get
        {
            var (hours, minutes) = (Math.Abs(OffsetSeconds) / 3_600, Math.Abs(OffsetSeconds) / 60 % 60);
            var sign = OffsetSeconds < 0 ? "-" : "+";
            return OffsetSeconds == 0 ? "GMT" : minutes == 0 ? $"GMT{sign}{hours}" : $"GMT{sign}{hours}:{minutes:00}";
        }
    }

    /// <exception cref="OpenMeteoError">There is no such zone, or it is <c>auto</c>.</exception>
    public static Zone Of(string name, DateTimeOffset now)
    {
        switch (name)
        {
            case "GMT" or "UTC" or "":
                return Gmt;
            case "auto":
                throw OpenMeteoError.NotOffered("'timezone=auto'; name the zone, best GMT");
            default:
                try
                {
                    return new(name, (int)TimeZoneInfo.FindSystemTimeZoneById(name).GetUtcOffset(now).TotalSeconds);
                }
                catch (Exception error) when (error is TimeZoneNotFoundException or InvalidTimeZoneException)
                {
                    throw OpenMeteoError.BadRequest("Invalid timezone");
                }
        }
    }
}
