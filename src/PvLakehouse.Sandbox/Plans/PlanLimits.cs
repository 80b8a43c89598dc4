using PvLakehouse.Sandbox.OpenElectricity;

namespace PvLakehouse.Sandbox.Plans;

/// <summary>The limits of one plan, as the providers published them in 2026.</summary>
internal sealed record PlanLimits
{
    private PlanLimits()
    {
    }

    /// <summary>The free plans.</summary>
    public static PlanLimits Community { get; } = new()
    {
        Name = "COMMUNITY",
        HistoryDays = 730,
        CreditsPerDay = 500,
        RequestsPerSecond = 2,
        WeatherCalls = new(PerMinute: 600, PerHour: 5_000, PerDay: 10_000, PerMonth: 300_000),
        WeatherConcurrency = 5,
        WeatherLocations = 1_000,
    };

    /// <summary>The longest ranges, no quotas.</summary>
    public static PlanLimits Unlimited { get; } = new()
    {
        Name = "ENTERPRISE",
        WeatherLocations = 10_000,
    };

    /// <summary>The plan's name at OpenElectricity.</summary>
    public required string Name { get; init; }

    /// <summary>How far back energy may be asked for [d]; null for no limit.</summary>
    public int? HistoryDays { get; init; }

    /// <summary>OpenElectricity requests per key and UTC day; null for no limit.</summary>
    public int? CreditsPerDay { get; init; }

    /// <summary>OpenElectricity requests per key and second; null for no limit.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>Open-Meteo call budget; null for no limit.</summary>
    public WeatherCallLimits? WeatherCalls { get; init; }

    /// <summary>Open-Meteo requests that may run or wait at once; null for no limit.</summary>
    public int? WeatherConcurrency { get; init; }

    /// <summary>Most locations in one Open-Meteo request.</summary>
    public required int WeatherLocations { get; init; }

    /// <summary>The limits of a plan.</summary>
    public static PlanLimits Of(SandboxPlan plan) => plan switch
    {
        SandboxPlan.Community => Community,
        SandboxPlan.Unlimited => Unlimited,
        _ => throw new ArgumentOutOfRangeException(nameof(plan), plan, "Expected Community or Unlimited."),
    };

    /// <summary>The longest range that one OpenElectricity request may span [d].</summary>
    public int MaximumDays(SeriesInterval interval) => ReferenceEquals(this, Community)
        ? CommunityDays(interval)
        : interval switch
        {
            SeriesInterval.FiveMinutes => 30,
            SeriesInterval.Hour => 365,
            SeriesInterval.Day or SeriesInterval.Week => 3_650,
            SeriesInterval.FinancialYear => 7,
            _ => 36_500,
        };

    /// <summary>The same for the free plan, whose half is also the default range of everybody.</summary>
    public static int CommunityDays(SeriesInterval interval) => interval switch
    {
        SeriesInterval.FiveMinutes => 8,
        SeriesInterval.Hour => 32,
        SeriesInterval.Day or SeriesInterval.Week => 366,
        SeriesInterval.Month => 732,
        SeriesInterval.Quarter or SeriesInterval.Season => 1_830,
        SeriesInterval.Year => 3_700,
        // The server's table has no entry for financial years, so its default applies.
        _ => 7,
    };
}

/// <summary>Open-Meteo's call budget; a call weighs as much as <see cref="OpenMeteo.CallWeight"/> says.</summary>
internal sealed record WeatherCallLimits(double PerMinute, double PerHour, double PerDay, double PerMonth);
