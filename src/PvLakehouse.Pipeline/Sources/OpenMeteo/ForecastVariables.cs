using System.Globalization;

namespace PvLakehouse.Pipeline.Sources.OpenMeteo;

/// <summary>Weather as it was forecast, by the number of days before: the variables of the Previous Runs API.</summary>
/// <remarks>
/// A variable with the suffix <c>_previous_day2</c> has, at each stamp, what the newest run of two days before said. Those variables only
/// that a forecast of solar energy is made of: each is asked for once a day ahead and counts against the budget each time.
/// </remarks>
public static class ForecastVariables
{
    /// <summary>The days ahead that are asked for.</summary>
    public static IReadOnlyList<int> LeadDays { get; } = [1, 2, 3, 4, 5, 6, 7];

    /// <summary>Names without suffix, units and time conventions as in <see cref="WeatherVariables"/>.</summary>
    internal static IReadOnlyList<HourlyVariable> Forecast { get; } =
    [
        WeatherVariables.ShortwaveRadiation, WeatherVariables.DirectRadiation, WeatherVariables.DiffuseRadiation,
        WeatherVariables.Temperature, WeatherVariables.DewPoint, WeatherVariables.CloudCover, WeatherVariables.CloudCoverLow,
        WeatherVariables.CloudCoverMid, WeatherVariables.CloudCoverHigh, WeatherVariables.Precipitation, WeatherVariables.WindSpeed,
    ];

    /// <summary>All of them: the variables one day ahead, then two days, and so on; each at its <see cref="HourlyVariable.Index"/>.</summary>
    public static IReadOnlyList<HourlyVariable> All { get; } =
    [
        .. LeadDays.SelectMany(lead => Forecast, (lead, variable) => (lead, variable)).Select((pair, index) => At(index, pair.lead, pair.variable)),
    ];

    /// <summary>The name under which a variable of a lead is asked for.</summary>
    internal static string NameOf(string variable, int lead) =>
        string.Create(CultureInfo.InvariantCulture, $"{variable}_previous_day{lead}");

    private static HourlyVariable At(int index, int lead, HourlyVariable variable) => variable is PrecedingHourVariable preceding
        ? new PrecedingHourVariable(index, NameOf(variable.Name, lead), variable.Unit, preceding.IsSum)
        : new InstantVariable(index, NameOf(variable.Name, lead), variable.Unit);
}
