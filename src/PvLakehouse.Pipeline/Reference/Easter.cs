namespace PvLakehouse.Pipeline.Reference;

/// <summary>The date of Easter in the Gregorian calendar.</summary>
internal static class Easter
{
    /// <summary>Easter Sunday of a year from 1583 on.</summary>
    /// <remarks>Source: the anonymous Gregorian algorithm (Nature, 20 April 1876), in the form of Meeus, Astronomical Algorithms, 1991,
    /// chapter 8.</remarks>
    public static DateOnly Sunday(int year)
    {
        var a = year % 19;
        var (b, c) = (year / 100, year % 100);
        var g = ((8 * b) + 13) / 25;
        var h = ((19 * a) + b - (b / 4) - g + 15) % 30;
        var l = (32 + (2 * (b % 4)) + (2 * (c / 4)) - h - (c % 4)) % 7;
        var m = (a + (11 * h) + (19 * l)) / 433;
        var month = (h + l - (7 * m) + 90) / 25;
        return new DateOnly(year, month, (h + l - (7 * m) + (33 * month) + 19) % 32);
    }
}
