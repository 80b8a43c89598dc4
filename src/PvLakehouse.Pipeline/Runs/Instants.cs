using System.Globalization;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>Instants between C# and SQL.</summary>
public static class Instants
{
    /// <summary>A <c>timestamptz</c> value of a result as an instant.</summary>
    public static DateTimeOffset From(object? value) => value switch
    {
        DateTimeOffset instant => instant,
        DateTime { Kind: not DateTimeKind.Local } utc => new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)),
        _ => throw new ArgumentException($"'{value}' is not an instant.", nameof(value)),
    };

    /// <summary>An SQL literal.</summary>
    public static string Literal(DateTimeOffset instant) =>
        $"TIMESTAMPTZ '{instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00'";

    /// <summary>The instant without what a microsecond column cannot hold.</summary>
    public static DateTimeOffset ToMicroseconds(DateTimeOffset instant) => new(instant.UtcTicks / 10 * 10, TimeSpan.Zero);
}
