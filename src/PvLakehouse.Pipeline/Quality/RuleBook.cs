using System.Security.Cryptography;
using System.Text;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Silver;

namespace PvLakehouse.Pipeline.Quality;

/// <summary>All quality rules, by the table whose rows they judge.</summary>
public static class RuleBook
{
    /// <summary>The rules in the order in which their names appear in <c>quality_issues</c>.</summary>
    public static IReadOnlyList<(TableContract Table, QualityRule Rule)> All { get; } =
    [
        .. Of(CleanFacilityMaster.Contract, CleanFacilityMaster.Rules),
        .. Of(CleanHourlyWeather.Contract, CleanHourlyWeather.Rules),
        .. Of(CleanHourlyAirQuality.Contract, CleanHourlyAirQuality.Rules),
        .. Of(CleanWeatherForecast.Contract, CleanWeatherForecast.Rules),
        .. Of(CleanHourlyEnergy.Contract, CleanHourlyEnergy.Rules),
        .. Of(CleanDailyEnergy.Contract, CleanDailyEnergy.Rules),
        .. Of(SolarClock.Contract, SolarClock.Rules),
    ];

    /// <summary>Twelve hexadecimal digits that change with any word of any rule.</summary>
    public static string Version { get; } = Fingerprint();

    /// <summary>The rules of one table; empty for a table without.</summary>
    public static IEnumerable<QualityRule> Of(TableContract table) => All.Where(entry => entry.Table == table).Select(entry => entry.Rule);

    private static IEnumerable<(TableContract Table, QualityRule Rule)> Of(TableContract table, IReadOnlyList<QualityRule> rules) =>
        rules.Select(rule => (table, rule));

    private static string Fingerprint()
    {
        var text = string.Join('\n', All.Select(entry => $"{entry.Table}\t{entry.Rule}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
    }
}
