namespace PvLakehouse.Pipeline.Reference;

/// <summary>Full-day public holidays of Australia's states and territories, computed by rule.</summary>
/// <remarks>
/// <para>Sources: Public Holidays Act 2010 (NSW), Public Holidays Act 1993 (VIC), Holidays Act 1983 (QLD), Public Holidays Act 2023 (SA),
/// Public and Bank Holidays Act 1972 (WA), Statutory Holidays Act 2000 (TAS), Public Holidays Act 1981 (NT), Holidays Act 1958 (ACT),
/// as in force from 2018 on.</para>
/// <para>Left out because no rule gives them: days of one town or district, part days, and days that a government proclaims
/// for one year. Proclaimed dates known to differ from the rule are in <see cref="Proclaimed"/>.</para>
/// </remarks>
internal static class AustralianHolidays
{
    /// <summary>The eight states and territories, alphabetical.</summary>
    public static IReadOnlyList<string> States { get; } = ["ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA"];

    /// <summary>Days that a proclamation moved away from the rule or added for one year.</summary>
    private static readonly Dictionary<(int Year, string Name), DateOnly> Proclaimed = new()
    {
        // Moved for the Perth Royal Show and the football finals.
        [(2024, "King's Birthday (WA)")] = new(2024, 9, 23),
    };

    /// <summary>The holidays of a year, by date; a day may appear more than once with different states.</summary>
    /// <param name="year">Calendar year, 2018 or later.</param>
    public static IEnumerable<PublicHoliday> Of(int year) =>
        National(year).Concat(AroundEaster(year)).Concat(OfStates(year)).Concat(OneOff(year)).OrderBy(holiday => holiday.Date);

    private static IEnumerable<PublicHoliday> National(int year)
    {
        var newYear = new DateOnly(year, 1, 1);
        yield return new(newYear, "New Year's Day", States);
        if (IsWeekend(newYear))
        {
            yield return new(NextMonday(newYear), "New Year's Day (additional day)", States);
        }

        // Unlike the others it moves: a weekend day itself is then no public holiday.
        var australiaDay = new DateOnly(year, 1, 26);
        yield return IsWeekend(australiaDay)
            ? new(NextMonday(australiaDay), "Australia Day (substitute day)", States)
            : new(australiaDay, "Australia Day", States);

        var anzac = new DateOnly(year, 4, 25);
        yield return new(anzac, "Anzac Day", States);
        string[] observers = anzac.DayOfWeek switch
        {
            DayOfWeek.Saturday => ["WA"],
            DayOfWeek.Sunday => ["ACT", "NT", "QLD", "SA", "WA"],
            _ => [],
        };
        if (observers.Length > 0)
        {
            yield return new(NextMonday(anzac), "Anzac Day (additional day)", observers);
        }

        var christmas = new DateOnly(year, 12, 25);
        yield return new(christmas, "Christmas Day", States);
        if (IsWeekend(christmas))
        {
            yield return new(new DateOnly(year, 12, 27), "Christmas Day (additional day)", States);
        }

        var boxing = new DateOnly(year, 12, 26);
        yield return new(boxing, "Boxing Day", States);
        if (IsWeekend(boxing))
        {
            yield return new(new DateOnly(year, 12, 28), "Boxing Day (additional day)", States);
        }
    }

    private static IEnumerable<PublicHoliday> AroundEaster(int year)
    {
        var sunday = Easter.Sunday(year);
        yield return new(sunday.AddDays(-2), "Good Friday", States);
        yield return new(sunday.AddDays(-1), "Easter Saturday", ["ACT", "NSW", "NT", "QLD", "SA", "VIC"]);
        List<string> sundayStates = ["ACT", "NSW", "QLD", "VIC"];
        if (year >= 2022)
        {
            sundayStates.Add("WA");
        }

        if (year >= 2024)
        {
            sundayStates.Add("SA");
        }

        yield return new(sunday, "Easter Sunday", sundayStates);
        yield return new(sunday.AddDays(1), "Easter Monday", States);
    }

    private static IEnumerable<PublicHoliday> OfStates(int year)
    {
        var sovereign = year >= 2023 ? "King's Birthday" : "Queen's Birthday";
        yield return new(Nth(year, 3, DayOfWeek.Monday, 1), "Labour Day", ["WA"]);
        yield return new(Nth(year, 3, DayOfWeek.Monday, 2), "Labour Day", ["VIC"]);
        yield return new(Nth(year, 3, DayOfWeek.Monday, 2), "Eight Hours Day", ["TAS"]);
        yield return new(Nth(year, 3, DayOfWeek.Monday, 2), "Canberra Day", ["ACT"]);
        yield return new(Nth(year, 3, DayOfWeek.Monday, 2), "Adelaide Cup Day", ["SA"]);
        yield return new(Nth(year, 5, DayOfWeek.Monday, 1), "Labour Day", ["QLD"]);
        yield return new(Nth(year, 5, DayOfWeek.Monday, 1), "May Day", ["NT"]);
        yield return new(OnOrAfter(new DateOnly(year, 5, 27), DayOfWeek.Monday), "Reconciliation Day", ["ACT"]);
        yield return new(Nth(year, 6, DayOfWeek.Monday, 1), "Western Australia Day", ["WA"]);
        yield return new(Nth(year, 6, DayOfWeek.Monday, 2), sovereign, ["ACT", "NSW", "NT", "SA", "TAS", "VIC"]);
        yield return new(Nth(year, 8, DayOfWeek.Monday, 1), "Picnic Day", ["NT"]);
        yield return new(
            Proclaimed.GetValueOrDefault((year, "King's Birthday (WA)"), Last(year, 9, DayOfWeek.Monday)), sovereign, ["WA"]);
        // The grand final is played on the last Saturday of September; its eve is the holiday.
        if (year is not (2020 or 2021))
        {
            yield return new(Last(year, 9, DayOfWeek.Saturday).AddDays(-1), "Friday before the AFL Grand Final", ["VIC"]);
        }

        yield return new(Nth(year, 10, DayOfWeek.Monday, 1), "Labour Day", ["ACT", "NSW", "SA"]);
        yield return new(Nth(year, 10, DayOfWeek.Monday, 1), sovereign, ["QLD"]);
        yield return new(Nth(year, 11, DayOfWeek.Tuesday, 1), "Melbourne Cup Day", ["VIC"]);
    }

    private static IEnumerable<PublicHoliday> OneOff(int year)
    {
        switch (year)
        {
            case 2020:
                yield return new(new DateOnly(2020, 10, 23), "Friday before the AFL Grand Final", ["VIC"]);
                break;
            case 2021:
                yield return new(new DateOnly(2021, 9, 24), "Friday before the AFL Grand Final", ["VIC"]);
                break;
            case 2022:
                yield return new(new DateOnly(2022, 9, 22), "National Day of Mourning", States);
                break;
        }
    }

    private static bool IsWeekend(DateOnly day) => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;

    private static DateOnly NextMonday(DateOnly day) => OnOrAfter(day.AddDays(1), DayOfWeek.Monday);

    private static DateOnly OnOrAfter(DateOnly day, DayOfWeek weekday) =>
        day.AddDays(((int)weekday - (int)day.DayOfWeek + 7) % 7);

    private static DateOnly Nth(int year, int month, DayOfWeek weekday, int n) =>
        OnOrAfter(new DateOnly(year, month, 1), weekday).AddDays(7 * (n - 1));

    private static DateOnly Last(int year, int month, DayOfWeek weekday)
    {
        var end = new DateOnly(year, month, DateTime.DaysInMonth(year, month));
        return end.AddDays(-(((int)end.DayOfWeek - (int)weekday + 7) % 7));
    }
}
