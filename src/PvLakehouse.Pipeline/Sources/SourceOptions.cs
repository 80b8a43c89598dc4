namespace PvLakehouse.Pipeline.Sources;

/// <summary>Where the sources are and how hard they may be asked.</summary>
public sealed record SourceOptions
{
    /// <summary>The energy source.</summary>
    public required OpenElectricityOptions OpenElectricity { get; init; }

    /// <summary>The weather and air-quality source.</summary>
    public required OpenMeteoOptions OpenMeteo { get; init; }

    /// <summary>Retries, timeouts and parallelism, common to both.</summary>
    public TransportOptions Transport { get; init; } = new();

    /// <summary>The public APIs, within the limits of OpenElectricity's community plan and Open-Meteo's free
    /// use.</summary>
    /// <param name="openElectricityKey">The key of an OpenElectricity account; without one only weather can be
    /// read.</param>
    /// <remarks>Limits as published in 2026: 2 requests/s and 500 credits/day; 600, 5 000, 10 000 and 300 000 weights per
    /// minute, hour, day and month.</remarks>
    public static SourceOptions Live(Secret? openElectricityKey) => new()
    {
        OpenElectricity = new()
        {
            BaseAddress = new("https://api.openelectricity.org.au/v4/"),
            Key = openElectricityKey,
            KeyRequired = true,
            RequestsPerSecond = 2,
            CreditsPerDay = 500,
            MaxDays = new(FiveMinutes: 8, Hour: 32, Day: 366),
        },
        OpenMeteo = new()
        {
            ArchiveAddress = new("https://archive-api.open-meteo.com/v1/archive"),
            ForecastAddress = new("https://api.open-meteo.com/v1/forecast"),
            PreviousRunsAddress = new("https://previous-runs-api.open-meteo.com/v1/forecast"),
            AirQualityAddress = new("https://air-quality-api.open-meteo.com/v1/air-quality"),
            RecentDays = 5,
            WeightPerMinute = 600,
            WeightPerHour = 5_000,
            WeightPerDay = 10_000,
            WeightPerMonth = 300_000,
            MaxWeightPerRequest = 200,
            MaxDaysPerRequest = 366,
        },
    };

    /// <summary>A stand-in that answers for every API under one address, as fast as it can and in the longest
    /// ranges.</summary>
    /// <param name="baseAddress">The stand-in's address, for example http://127.0.0.1:8090/; the APIs are expected
    /// below it
    /// as v4/, v1/archive, v1/forecast, previous-runs/v1/forecast and v1/air-quality.</param>
    /// <param name="openElectricityKey">A key to send; without one a fixed text is sent, as the API demands some
    /// key.</param>
    /// <exception cref="ArgumentException">The address is not absolute http or https.</exception>
    public static SourceOptions Sandbox(Uri baseAddress, Secret? openElectricityKey = null)
    {
        var root = Directory(baseAddress);
        return new()
        {
            OpenElectricity = new()
            {
                BaseAddress = new(root, "v4/"),
                Key = openElectricityKey ?? new Secret("pvlake-needs-no-key"),
                MaxDays = new(FiveMinutes: 30, Hour: 365, Day: 3_650),
            },
            OpenMeteo = new()
            {
                ArchiveAddress = new(root, "v1/archive"),
                ForecastAddress = new(root, "v1/forecast"),
                PreviousRunsAddress = new(root, "previous-runs/v1/forecast"),
                AirQualityAddress = new(root, "v1/air-quality"),
            },
            Transport = new()
            {
                RetryCount = 6,
                RetryDelay = TimeSpan.FromMilliseconds(50),
                Compression = !root.IsLoopback,
            },
        };
    }

    /// <summary>The address as a folder: with a slash at its end, so that relative paths extend it.</summary>
    private static Uri Directory(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException(
                $"'{address}' is not a source address; expected something like http://127.0.0.1:8090/.", nameof(address));
        }

        var path = address.GetLeftPart(UriPartial.Path);
        return path.EndsWith('/') ? new(path) : new(path + "/");
    }
}
