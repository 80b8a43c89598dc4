using System.CommandLine;
using System.Text.Json;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.S3;
using PvLakehouse.Pipeline.Bronze;

namespace PvLakehouse.Cli.Lakes;

/// <summary>Reads the settings of a lake: from the command line, then a file, then the environment; the first that says something
/// holds.</summary>
/// <remarks>
/// The file is one JSON object of texts, <c>pvlake.json</c> in the lake's folder or what --config names. Credentials are
/// taken whole from the first place that has an access key, so that halves of two never meet.
/// </remarks>
internal static class LakeConfiguration
{
    /// <summary>Name of the settings file in a lake's folder.</summary>
    public const string FileName = "pvlake.json";

    private const string Warehouse = "warehouse";
    private const string Catalog = "catalog";
    private const string CatalogName = "catalog-name";
    private const string CacheSize = "cache-size";
    private const string Lookback = "lookback";
    private const string Interval = "interval";

    private static readonly string[] Credentials = [S3Properties.AccessKey, S3Properties.SecretKey, S3Properties.SessionToken];

    /// <summary>The program's own variables, by setting.</summary>
    private static readonly Dictionary<string, string> Variables = new(
        AlertSettings.Variables.Concat(LineageSettings.Variables), StringComparer.Ordinal)
    {
        [Warehouse] = "PVLAKE_WAREHOUSE",
        [Catalog] = "PVLAKE_CATALOG",
        [CatalogName] = "PVLAKE_CATALOG_NAME",
        [CacheSize] = "PVLAKE_CACHE_SIZE",
        [Lookback] = "PVLAKE_LOOKBACK",
        [Interval] = "PVLAKE_INTERVAL",
        [S3Properties.Endpoint] = "PVLAKE_S3_ENDPOINT",
        [S3Properties.Region] = "PVLAKE_S3_REGION",
        [S3Properties.AccessKey] = "PVLAKE_S3_ACCESS_KEY",
        [S3Properties.SecretKey] = "PVLAKE_S3_SECRET_KEY",
        [S3Properties.SessionToken] = "PVLAKE_S3_SESSION_TOKEN",
        [S3Properties.PathStyle] = "PVLAKE_S3_PATH_STYLE",
    };

    /// <summary>The settings that hold for a command line.</summary>
    /// <exception cref="LakeException">The file is missing or damaged, or a setting is unknown or makes no sense.</exception>
    public static LakeSettings Read(ParseResult line)
    {
        var folder = Path.GetFullPath(line.GetValue(CommonOptions.Lake)!);
        return Read(
            folder,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                [Warehouse] = line.GetValue(CommonOptions.Warehouse),
                [Catalog] = line.GetValue(CommonOptions.Catalog),
                [S3Properties.Endpoint] = line.GetValue(CommonOptions.S3Endpoint),
            },
            line.GetValue(CommonOptions.Config),
            Environment.GetEnvironmentVariable);
    }

    internal static LakeSettings Read(
        string folder, IReadOnlyDictionary<string, string?> flags, string? file, Func<string, string?> variable)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(settings, flags.Where(flag => !string.IsNullOrEmpty(flag.Value)).Select(flag => KeyValuePair.Create(flag.Key, flag.Value!)));
        Add(settings, FromFile(folder, file));
        Add(settings, Variables
            .Select(pair => KeyValuePair.Create(pair.Key, variable(pair.Value) ?? ""))
            .Where(pair => pair.Value.Length > 0));
        Add(settings, S3Properties.FromEnvironment(variable));
        return new LakeSettings
        {
            Folder = folder,
            Warehouse = settings.TryGetValue(Warehouse, out var warehouse) ? CheckedWarehouse(warehouse) : null,
            Catalog = settings.TryGetValue(Catalog, out var catalog) ? CheckedCatalog(catalog) : null,
            CatalogName = settings.GetValueOrDefault(CatalogName, "lh"),
            CacheBytes = settings.TryGetValue(CacheSize, out var size) ? CheckedSize(size) : null,
            Alerts = AlertSettings.Read(settings, folder),
            Lineage = LineageSettings.Read(settings, folder),
            LookbackDays = settings.TryGetValue(Lookback, out var lookback)
                ? LakeSettings.LookbackOf(lookback)
                    ?? throw new LakeException($"The {Lookback} '{lookback}' is none; expected whole days from 0 to 366.")
                : IngestRequest.DefaultLookbackDays,
            Interval = settings.TryGetValue(Interval, out var interval)
                ? EnergyResolutions.Parse(interval) ?? throw new LakeException(
                    $"The {Interval} '{interval}' is none; expected 5m, 30m or 1h.")
                : EnergyResolution.Hour,
            Storage = settings.Where(s => S3Properties.All.Contains(s.Key)).ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal),
        };
    }

    /// <summary>Adds what is not said yet.</summary>
    private static void Add(Dictionary<string, string> settings, IEnumerable<KeyValuePair<string, string>> more)
    {
        var hasCredentials = settings.ContainsKey(S3Properties.AccessKey);
        foreach (var (key, value) in more)
        {
            if (!hasCredentials || !Credentials.Contains(key))
            {
                settings.TryAdd(key, value);
            }
        }
    }

    private static Dictionary<string, string> FromFile(string folder, string? file)
    {
        var path = file is null ? Path.Combine(folder, FileName) : Path.GetFullPath(file);
        if (!File.Exists(path))
        {
            return file is null ? [] : throw new LakeException($"There is no configuration file {path}.");
        }

        Dictionary<string, string> settings;
        try
        {
            settings = JsonSerializer.Deserialize(File.ReadAllText(path), SettingsJson.Default.DictionaryStringString) ?? [];
        }
        catch (JsonException exception)
        {
            throw new LakeException(
                $"{path} is no configuration: expected one JSON object of texts, found something else in line {exception.LineNumber + 1}.",
                exception);
        }

        if (settings.Keys.FirstOrDefault(key => !Variables.ContainsKey(key) && !S3Properties.All.Contains(key)) is { } unknown)
        {
            throw new LakeException(
                $"{path} has the setting '{unknown}', which is not known; known are "
                + $"{string.Join(", ", Variables.Keys.Union(S3Properties.All))}.");
        }

        if (settings.FirstOrDefault(setting => string.IsNullOrWhiteSpace(setting.Value)).Key is { } empty)
        {
            throw new LakeException($"{path} leaves the setting '{empty}' empty; give it a value or remove it.");
        }

        // A path in a file is meant from where the file is.
        if (settings.TryGetValue(Warehouse, out var warehouse) && !HasScheme(warehouse))
        {
            settings[Warehouse] = Path.GetFullPath(warehouse, Path.GetDirectoryName(path)!);
        }

        return settings;
    }

    private static string CheckedWarehouse(string warehouse)
    {
        if (S3Location.Matches(warehouse))
        {
            return S3Location.Parse(warehouse) is { Bucket.Length: > 0 } location
                ? $"s3://{location.Bucket}/{location.Key}".TrimEnd('/')
                : throw Refused(warehouse);
        }

        return !HasScheme(warehouse) ? Path.GetFullPath(warehouse)
            : warehouse.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? LocalFileIO.PathOf(warehouse)
            : throw Refused(warehouse);
    }

    private static long CheckedSize(string size) => Quantity.Bytes(size) is { } bytes and > 0
        ? bytes
        : throw new LakeException($"The {CacheSize} '{size}' is no size; expected a number with B, kB, MB, GB or TB, such as 20GB.");

    private static LakeException Refused(string warehouse) =>
        new($"'{warehouse}' is no warehouse; expected s3://bucket/folder or a folder of this machine.");

    /// <summary>Catalogs elsewhere are PostgreSQL databases. The text is not repeated: it may hold a password.</summary>
    private static string CheckedCatalog(string catalog) =>
        catalog.StartsWith("postgres", StringComparison.OrdinalIgnoreCase)
        || catalog.StartsWith("jdbc:postgresql:", StringComparison.OrdinalIgnoreCase)
            ? catalog
            : throw new LakeException(
                "The catalog is no address that is understood; expected postgresql://user:password@host:port/database, "
                + "or no catalog at all for a SQLite file in the lake's folder.");

    private static bool HasScheme(string location) => location.Contains("://", StringComparison.Ordinal)
        || location.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
}
