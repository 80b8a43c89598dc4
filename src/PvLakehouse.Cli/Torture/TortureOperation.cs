namespace PvLakehouse.Cli.Torture;

/// <summary>Something that is done to a lake again and again, and killed in the middle of it.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="Weight">How often it is chosen, relative to the others.</param>
/// <param name="Arguments">Its command line, without the lake.</param>
internal sealed record TortureOperation(string Name, int Weight, Func<Random, IReadOnlyList<string>> Arguments)
{
    private const int Days = 24;

    private static readonly DateOnly First = new(2025, 3, 1);

    private static readonly string[] Tables =
    [
        "bronze.raw_facility_timeseries", "bronze.raw_facility_weather", "silver.clean_hourly_energy", "silver.clean_hourly_weather",
        "silver.clean_daily_energy", "gold.fact_solar_environmental", "ops.quality_results",
    ];

    private static readonly string[] Faults = ["429:0.2", "500:0.2", "truncate:0.1", "429:0.1,500:0.1,truncate:0.05"];

    /// <summary>The farms of the tortured lake: one large, one small, one of another region.</summary>
    public static string Farms => "AVLSF,WRSF1,EMERASF";

    /// <summary>Loading all days.</summary>
    public static IReadOnlyList<string> Everything => Load(First, First.AddDays(Days - 1));

    /// <summary>All operations.</summary>
    /// <param name="backup">Folder of backups.</param>
    public static IReadOnlyList<TortureOperation> All(string backup) =>
    [
        new("run", 8, Load),
        new("refresh", 3, random => [.. Load(random), "--refresh"]),
        new("faults", 3, random => [.. Load(random), "--refresh", "--fault", Faults[random.Next(Faults.Length)]]),
        new("rebuild", 2, random => random.Next(2) == 0
            ? ["silver", "hourly_energy", "--mode", "full"]
            : ["gold", "fact_solar_environmental", "--mode", "full"]),
        new("check", 1, _ => ["check", "gold"]),
        new("compact", 3, random => ["table", "compact", Table(random), "--all"]),
        new("expire", 2, random => ["table", "expire", Table(random), "--older-than", "0m", "--retain-last", "1"]),
        new("orphans", 1, random => ["table", "remove-orphans", Table(random), "--older-than", "0m", "--allow-recent"]),
        new("backup", 1, _ => ["backup", backup]),
    ];

    private static string[] Load(Random random)
    {
        var first = random.Next(Days);
        return Load(First.AddDays(first), First.AddDays(Math.Min(Days - 1, first + random.Next(4))));
    }

    private static string[] Load(DateOnly first, DateOnly last) =>
    [
        "run", "--mode", "backfill", "--facilities", Farms,
        "--date-start", first.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        "--date-end", last.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
    ];

    private static string Table(Random random) => Tables[random.Next(Tables.Length)];
}
