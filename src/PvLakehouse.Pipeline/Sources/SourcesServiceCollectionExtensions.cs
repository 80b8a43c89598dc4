using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.Http;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;

namespace PvLakehouse.Pipeline.Sources;

/// <summary>Composition of the source clients.</summary>
public static class SourcesServiceCollectionExtensions
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Requests evenly spaced here may arrive unevenly, and a server that counts them by the clock second answers the one too many
    /// like a wrong key; a tenth more room absorbs it.
    /// </summary>
    private const double SpacingMargin = 1.1;

    /// <summary>Adds <see cref="OpenElectricityClient"/> and <see cref="OpenMeteoClient"/>, one of each for the whole
    /// process,
    /// since budgets and what was learned of the servers belong to the process.</summary>
    /// <param name="services">The composition; a registered <see cref="TimeProvider"/> is used, else the
    /// system's; a registered <see cref="IUsageStore"/> keeps what was spent of budgets, else each process starts anew.</param>
    /// <param name="options">Where the sources are and how hard they may be asked.</param>
    /// <param name="archive">Where raw bodies are kept.</param>
    public static IServiceCollection AddSources(
        this IServiceCollection services, SourceOptions options, IBodyArchive archive)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(archive);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IUsageStore, NoUsageStore>();
        services.AddSingleton(options);
        services.AddSingleton(archive);
        AddHttp(services, OpenElectricityClient.Provider, options, options.OpenElectricity.BaseAddress, EnergyBudget);
        AddHttp(services, OpenMeteoClient.Provider, options, options.OpenMeteo.ArchiveAddress, WeatherBudget);
        services.AddSingleton(provider => new SourceTransport(
            provider.GetRequiredService<IHttpClientFactory>(), options.Transport, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new OpenElectricityClient(
            options, provider.GetRequiredService<SourceTransport>(), BudgetOf(provider, OpenElectricityClient.Provider), archive));
        services.AddSingleton(provider => new OpenMeteoClient(
            options, provider.GetRequiredService<SourceTransport>(), BudgetOf(provider, OpenMeteoClient.Provider), archive,
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static void AddHttp(
        IServiceCollection services, string provider, SourceOptions options, Uri address,
        Func<SourceOptions, IServiceProvider, RequestBudget> budget)
    {
        services.AddKeyedSingleton(provider, (scope, _) => budget(options, scope));
        var http = services.AddHttpClient(provider);

        // Each attempt has its own limit, below; this one would cut the retries short.
        http.ConfigureHttpClient(client =>
        {
            client.Timeout = Timeout.InfiniteTimeSpan;
            client.DefaultRequestHeaders.UserAgent.Add(new("pvlake", "0.1"));
        });
        http.RedactLoggedHeaders(["Authorization"]);
        http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AutomaticDecompression = options.Transport.Compression ? DecompressionMethods.All : DecompressionMethods.None,
            AllowAutoRedirect = false,
            UseProxy = !address.IsLoopback,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
        });

        // From the outside in: retries, then for each attempt the budget, the time limit, and the body read to its end.
        if (options.Transport.RetryCount > 0)
        {
            http.AddResilienceHandler("retry", (pipeline, context) =>
                AddRetry(pipeline, options.Transport, context.ServiceProvider.GetRequiredService<TimeProvider>()));
        }

        http.AddHttpMessageHandler(scope => new ThrottleHandler(BudgetOf(scope, provider), scope.GetRequiredService<TimeProvider>()));
        http.AddResilienceHandler("attempt", (pipeline, context) =>
        {
            pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            pipeline.AddTimeout(options.Transport.AttemptTimeout);
        });
        http.AddHttpMessageHandler(() => new WholeBodyHandler());
    }

    private static void AddRetry(
        ResiliencePipelineBuilder<HttpResponseMessage> pipeline, TransportOptions options, TimeProvider time)
    {
        pipeline.TimeProvider = time;
        pipeline.AddRetry(new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = options.RetryCount,
            Delay = options.RetryDelay,
            MaxDelay = options.LongestRetryWait,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome switch
            {
                { Exception: { } exception } => RetryRules.MayPass(exception),
                { Result: { } response } => RetryRules.MayPass(response, options.LongestRetryWait, time.GetUtcNow()),
                _ => false,
            }),

            // Null leaves the wait to the exponential back-off.
            DelayGenerator = attempt => ValueTask.FromResult(
                attempt.Outcome.Result is { } response ? RetryRules.Asked(response, time.GetUtcNow()) : null),
        });
    }

    private static RequestBudget BudgetOf(IServiceProvider provider, string name) =>
        provider.GetRequiredKeyedService<RequestBudget>(name);

    private static RequestBudget EnergyBudget(SourceOptions options, IServiceProvider provider) => new(
        OpenElectricityClient.Provider, options.Transport, provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<RequestBudget>>(), provider.GetRequiredService<IUsageStore>())
    {
        Spacing = options.OpenElectricity.RequestsPerSecond is { } rate
            ? TimeSpan.FromSeconds(SpacingMargin / rate)
            : TimeSpan.Zero,
        Windows = [.. Window(BudgetPeriod.Day, options.OpenElectricity.CreditsPerDay)],
    };

    private static RequestBudget WeatherBudget(SourceOptions options, IServiceProvider provider) => new(
        OpenMeteoClient.Provider, options.Transport, provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<RequestBudget>>(), provider.GetRequiredService<IUsageStore>())
    {
        Windows =
        [
            .. Window(BudgetPeriod.Minute, options.OpenMeteo.WeightPerMinute),
            .. Window(BudgetPeriod.Hour, options.OpenMeteo.WeightPerHour),
            .. Window(BudgetPeriod.Day, options.OpenMeteo.WeightPerDay),
            .. Window(BudgetPeriod.Month, options.OpenMeteo.WeightPerMonth),
        ],
    };

    private static IEnumerable<BudgetWindow> Window(BudgetPeriod period, double? limit) =>
        limit is { } value ? [new(period, value)] : [];
}
