using System.Globalization;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Reference;

namespace PvLakehouse.Pipeline.Gold;

/// <summary>gold.dim_date: the calendar, with the southern seasons and Australia's public holidays.</summary>
internal static class DimDate
{
    /// <summary>Key of the unknown member.</summary>
    public const int Unknown = 0;

    public static TableContract Contract { get; } = new()
    {
        Layer = "gold",
        Name = "dim_date",
        Grain = "One calendar day; key 0 is the unknown day.",
        Columns =
        [
            ColumnContract.Required("date_key", "int", "The day as yyyymmdd, 0 when unknown."),
            ColumnContract.Optional("full_date", "date", "The day; null for the unknown member."),
            ColumnContract.Optional("year", "int", "Calendar year."),
            ColumnContract.Optional("quarter", "int", "Quarter of the year, 1 to 4."),
            ColumnContract.Optional("month", "int", "Month of the year, 1 to 12."),
            ColumnContract.Optional("month_name", "string", "English name of the month."),
            ColumnContract.Optional("year_month", "string", "Year and month as yyyy-mm, for grouping."),
            ColumnContract.Optional("week", "int", "ISO 8601 week of the year."),
            ColumnContract.Optional("day_of_month", "int", "Day of the month."),
            ColumnContract.Optional("day_of_week", "int", "ISO 8601 day of the week, Monday 1 to Sunday 7."),
            ColumnContract.Optional("day_name", "string", "English name of the day, Unknown for the unknown member."),
            ColumnContract.Optional("is_weekend", "boolean", "Saturday or Sunday."),
            ColumnContract.Optional("season", "string", "Southern meteorological season: Summer (Dec-Feb), Autumn, Winter, Spring.")
                .OneOf("Summer", "Autumn", "Winter", "Spring"),
            ColumnContract.Optional("is_holiday", "boolean", "Public holiday in every state and territory."),
            ColumnContract.Optional("holiday_name", "string", "Names of the day's holidays joined by |, null when none."),
            ColumnContract.Optional("holiday_states", "string", "States and territories with a holiday joined by |, null when none."),
        ],
        Key = ["date_key"],
        SortedBy = ["date_key"],
    };

    /// <summary>The unknown member and every day of the given years, in column order of the contract.</summary>
    public static IEnumerable<object?[]> Rows(int firstYear, int lastYear)
    {
        yield return [Unknown, null, null, null, null, null, null, null, null, null, "Unknown", null, null, null, null, null];
        for (var year = firstYear; year <= lastYear; year++)
        {
            var holidays = AustralianHolidays.Of(year).ToLookup(holiday => holiday.Date);
            for (var day = new DateOnly(year, 1, 1); day.Year == year; day = day.AddDays(1))
            {
                yield return Row(day, [.. holidays[day]]);
            }
        }
    }

    /// <summary>The key of a day.</summary>
    public static int KeyOf(DateOnly day) => (day.Year * 10000) + (day.Month * 100) + day.Day;

    private static object?[] Row(DateOnly day, PublicHoliday[] holidays)
    {
        var states = AustralianHolidays.States.Where(state => holidays.Any(holiday => holiday.States.Contains(state))).ToArray();
        return
        [
            KeyOf(day), day, day.Year, (day.Month + 2) / 3, day.Month,
            CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(day.Month),
            day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            ISOWeek.GetWeekOfYear(day.ToDateTime(TimeOnly.MinValue)),
            day.Day,
            day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek,
            day.DayOfWeek.ToString(),
            day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday,
            Season(day.Month),
            states.Length == AustralianHolidays.States.Count,
            holidays.Length == 0 ? null : string.Join('|', holidays.Select(holiday => holiday.Name).Distinct(StringComparer.Ordinal)),
            states.Length == 0 ? null : string.Join('|', states),
        ];
    }

    private static string Season(int month) => month switch
    {
        12 or 1 or 2 => "Summer",
        3 or 4 or 5 => "Autumn",
        6 or 7 or 8 => "Winter",
        _ => "Spring",
    };
}
