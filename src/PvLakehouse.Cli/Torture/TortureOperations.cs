using System.Globalization;

namespace PvLakehouse.Cli.Torture;

/// <summary>What is done to a tortured lake: it begins with three days of three farms, and is loaded and kept in random order from there.</summary>
internal sealed class TortureOperations
{
    /// <summary>The farms: one large, one small, one of another region.</summary>
    private const string Farms = "AVLSF,WRSF1,EMERASF";

    private const int FewestDays = 24;
    private const int MostDays = 730;

    private static readonly DateOnly Last = new(2025, 3, 24);

    private static readonly string[] Tables =
    [
        "bronze.raw_facility_timeseries", "bronze.raw_facility_weather", "silver.clean_hourly_energy", "silver.clean_hourly_weather",
        "silver.clean_daily_energy", "gold.fact_solar_environmental", "ops.quality_results",
    ];

    private static readonly string[] Faults = ["429:0.2", "500:0.2", "truncate:0.1", "429:0.1,500:0.1,truncate:0.05"];

    private readonly int _days;
    private readonly DateOnly _first;

    /// <summary>Operations for a number of rounds.</summary>
    /// <param name="rounds">So many days there are, within limits: were there fewer, nothing would be left to load in the later rounds.</param>
    /// <param name="backup">Folder of backups.</param>
    public TortureOperations(int rounds, string backup)
    {
        _days = Math.Clamp(rounds, FewestDays, MostDays);
        _first = Last.AddDays(1 - _days);
        All =
        [
            new("run", 8, Some),
            new("refresh", 3, random => [.. Some(random), "--refresh"]),
            new("faults", 3, random => [.. Some(random), "--refresh", "--fault", Faults[random.Next(Faults.Length)]]),
            new("rebuild", 2, random => random.Next(2) == 0
                ? ["silver", "hourly_energy", "--mode", "full"]
                : ["gold", "fact_solar_environmental", "--mode", "full"]),
            new("check", 1, _ => ["check", "gold"]),
            new("compact", 3, random => ["table", "compact", Table(random), "--all"]),
            new("expire", 2, random => ["table", "expire", Table(random), "--older-than", "0m", "--retain-last", "1"]),
            new("orphans", 1, random => ["table", "remove-orphans", Table(random), "--older-than", "0m", "--allow-recent"]),
            new("backup", 1, _ => ["backup", backup]),
        ];
    }

    /// <summary>All operations.</summary>
    public IReadOnlyList<TortureOperation> All { get; }

    /// <summary>Loads the three days that are there from the beginning.</summary>
    public IReadOnlyList<string> Beginning => Load(_first.AddDays(-3), _first.AddDays(-1));

    /// <summary>Loads all days.</summary>
    public IReadOnlyList<string> Everything => Load(_first.AddDays(-3), Last);

    /// <summary>One to four days.</summary>
    private string[] Some(Random random)
    {
        var first = random.Next(_days);
        return Load(_first.AddDays(first), _first.AddDays(Math.Min(_days - 1, first + random.Next(4))));
    }

    private static string[] Load(DateOnly first, DateOnly last) =>
    [
        "run", "--mode", "backfill", "--facilities", Farms,
        "--date-start", first.ToString("O", CultureInfo.InvariantCulture), "--date-end", last.ToString("O", CultureInfo.InvariantCulture),
    ];

    private static string Table(Random random) => Tables[random.Next(Tables.Length)];
}
