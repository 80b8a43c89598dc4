using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PvLakehouse.Pipeline.Planning;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Sandbox;
using PvLakehouse.Sandbox.Data;

namespace PvLakehouse.Cli.Lakes;

/// <summary>Where data come from in this command: a sandbox that was started for it, a running one, or the public APIs.</summary>
internal sealed class DataSource : IAsyncDisposable
{
    private const string KeyVariable = "OPENELECTRICITY_API_KEY";

    private readonly SandboxServer? _sandbox;
    private readonly SourceOptions _options;
    private ServiceProvider? _services;

    private DataSource(string origin, SourceOptions options, SandboxServer? sandbox)
    {
        Origin = origin;
        _options = options;
        _sandbox = sandbox;
    }

    /// <summary>What the lake's marker calls this source.</summary>
    public string Origin { get; }

    /// <summary>What time it is at the source: a replay lives when it was recorded, everything else now.</summary>
    public TimeProvider Clock => Origin == "replay" && _sandbox is not null ? _sandbox.Clock : TimeProvider.System;

    /// <summary>One sentence for the first line of a run.</summary>
    public string Description => Origin switch
    {
        "simulation" => "Source: sandbox, simulated data (no number was ever measured).",
        "replay" => "Source: sandbox, recorded data.",
        "live" => "Source: the public APIs of OpenElectricity and Open-Meteo.",
        _ => $"Source: {Origin}.",
    };

    /// <summary>Makes the source that a command line names, and starts a sandbox when it needs one.</summary>
    /// <exception cref="LakeException">The source is none that we know, or options do not go together.</exception>
    public static async Task<DataSource> StartAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var source = line.GetValue(CommonOptions.Source)!;
        var (replay, fault) = (line.GetValue(CommonOptions.Replay), line.GetValue(CommonOptions.Fault));
        if (source != "sandbox" && (replay ?? fault) is not null)
        {
            throw new LakeException("--replay and --fault belong to --source sandbox; a running sandbox takes them when it is started.");
        }

        var key = Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } text ? new Secret(text) : null;
        switch (source)
        {
            case "sandbox":
                var data = SandboxData.Load(replay);
                var server = await SandboxServer.StartAsync(new(data) { Faults = SandboxData.Faults(fault) }, cancellationToken);
                return new(data.Kind == SandboxDataKind.Replay ? "replay" : "simulation",
                    SourceOptions.Sandbox(server.BaseAddress, key), server);
            case "live":
                return new("live", SourceOptions.Live(key), sandbox: null);
            default:
                return Uri.TryCreate(source, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                    ? new(address.GetLeftPart(UriPartial.Authority), SourceOptions.Sandbox(address, key), sandbox: null)
                    : throw new LakeException($"'{source}' is no source; expected sandbox, live or a URL such as http://127.0.0.1:8090.");
        }
    }

    /// <summary>The pipeline of a lake, fed by this source.</summary>
    public LakePipeline Feed(OpenLake lake)
    {
        var services = Compose(lake.Archive, lake.Usage);
        return new LakePipeline(
            lake.Lake with { Clock = Clock }, services.GetRequiredService<OpenElectricityClient>(),
            services.GetRequiredService<OpenMeteoClient>());
    }

    /// <summary>Says what loads from this source will take.</summary>
    /// <param name="lake">The lake; null when there is none yet.</param>
    /// <param name="settings">Where the lake is or will be.</param>
    public LoadPlanner Planner(OpenLake? lake, LakeSettings settings)
    {
        var services = lake is null
            ? Compose(new FolderBodyArchive(Path.Combine(settings.Folder, "archive")), OpenLake.UsageIn(settings))
            : Compose(lake.Archive, lake.Usage);
        return new LoadPlanner(
            lake?.Lake, Clock, services.GetRequiredService<OpenElectricityClient>(), services.GetRequiredService<OpenMeteoClient>());
    }

    private ServiceProvider Compose(IBodyArchive archive, IUsageStore usage) => _services ??= new ServiceCollection()
        .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
        .AddSingleton(Clock)
        .AddSingleton(usage)
        .AddSources(_options, archive)
        .BuildServiceProvider();

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }
    }
}
