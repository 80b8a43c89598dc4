namespace PvLakehouse.Forecasting.Features;

/// <summary>What a row to be forecast (alias <c>r</c>) is joined with, and when that is known.</summary>
/// <param name="Alias">Alias in SQL.</param>
/// <param name="Join">The join, without LEFT JOIN; null for the row itself.</param>
/// <param name="KnownAt">SQL of the instant from which it is known; null for what is always known.</param>
/// <param name="Meaning">When it is known, in words.</param>
internal sealed record FeatureRelation(string Alias, string? Join, string? KnownAt, string Meaning)
{
    private const string Always = "always";
    private const string AfterRun = "7 h after the start of the weather model's run";

    /// <summary>The row itself: the farm as it was known at the issue, issue, hour, lead.</summary>
    public static FeatureRelation Row { get; } = new("r", null, null, Always);

    /// <summary>The sun over the hour.</summary>
    public static FeatureRelation Sun { get; } = new(
        "s", "sun s ON s.facility_code = r.facility_code AND s.date_hour = r.date_hour", null, Always);

    /// <summary>The weather of the hour as the newest run that was known at the issue had it.</summary>
    public static FeatureRelation Forecast { get; } = Run("f", "r.date_hour", 0);

    /// <summary>The same run's weather of the hour before.</summary>
    public static FeatureRelation HourBefore { get; } = Run("fb", "r.date_hour - INTERVAL '1' HOUR", 0);

    /// <summary>The same run's weather of the hour after.</summary>
    public static FeatureRelation HourAfter { get; } = Run("fa", "r.date_hour + INTERVAL '1' HOUR", 0);

    /// <summary>The weather of the hour as all runs had it that were known at the issue: lists, of which <see cref="OfRun"/> takes one.</summary>
    public static FeatureRelation Runs { get; } = new(
        "e",
        "forecast_runs e ON e.facility_code = r.facility_code AND e.date_hour = r.date_hour",
        "list_max(e.known_at[r.weather_lead:])",
        AfterRun);

    /// <summary>What the newest known hour of energy was forecast to be, by runs as far ahead of it as the newest is of the hour to be forecast.</summary>
    public static FeatureRelation NewestHourForecast { get; } = Run("fn", "r.newest_hour", 0);

    /// <summary>The newest hour whose energy was known at the issue.</summary>
    public static FeatureRelation NewestHour { get; } = Hour("n", "newest_hour", MeasuredSource.Energy);

    /// <summary>The newest day's same hour whose energy was known at the issue.</summary>
    public static FeatureRelation SameHour { get; } = Hour("h", "same_hour", MeasuredSource.Energy);

    /// <summary>The newest hour whose air was known at the issue.</summary>
    public static FeatureRelation NewestAir { get; } = Hour("a", "newest_air_hour", MeasuredSource.AirQuality);

    /// <summary>SQL of a column of <see cref="Runs"/> by the run so many days before the newest; null where that did not look so far ahead.</summary>
    public static string OfRun(string column, int daysEarlier) => $"e.{column}[r.weather_lead + {daysEarlier}]";

    /// <summary>A measured hour so many hours from the one that is forecast.</summary>
    public static FeatureRelation At(MeasuredSource source, int offsetHours)
    {
        var alias = $"{source.Name}_{(offsetHours < 0 ? "b" : "a")}{Math.Abs(offsetHours)}";
        var hour = $"r.date_hour + {offsetHours} * INTERVAL '1' HOUR";
        return new(alias, $"measured {alias} ON {alias}.facility_code = r.facility_code AND {alias}.date_hour = {hour}", KnownAfter(alias, source), source.Meaning);
    }

    private static FeatureRelation Run(string alias, string hour, int days) => new(
        alias,
        $"forecasts {alias} ON {alias}.facility_code = r.facility_code AND {alias}.date_hour = {hour} AND {alias}.lead_days = r.weather_lead + {days}",
        $"{alias}.known_at",
        AfterRun);

    private static FeatureRelation Hour(string alias, string column, MeasuredSource source) => new(
        alias,
        $"measured {alias} ON {alias}.facility_code = r.facility_code AND {alias}.date_hour = r.{column}",
        KnownAfter(alias, source),
        source.Meaning);

    private static string KnownAfter(string alias, MeasuredSource source) => $"{alias}.date_hour + INTERVAL '1' HOUR + {source.Delay}";
}
