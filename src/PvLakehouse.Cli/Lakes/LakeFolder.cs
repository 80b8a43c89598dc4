using System.Text.Json;
using System.Text.Json.Serialization;

namespace PvLakehouse.Cli.Lakes;

/// <summary>A folder that holds a lake: its marker, its catalog, and its warehouse unless that is elsewhere.</summary>
/// <remarks>The marker says that the folder is a lake and where its data come from, so that simulated and real data never mix.</remarks>
internal sealed class LakeFolder
{
    /// <summary>Name of the SQLite file of the catalog.</summary>
    public const string CatalogFile = "catalog.db";

    private const string MarkerName = "lake.json";
    private const int Version = 1;

    private LakeFolder(string root, string origin)
    {
        Root = root;
        Origin = origin;
    }

    /// <summary>The folder, absolute.</summary>
    public string Root { get; }

    /// <summary>Where the lake's data come from: simulation, replay, live, or the URL of a source.</summary>
    public string Origin { get; }

    /// <summary>Whether a folder is a lake.</summary>
    public static bool Exists(string path) => File.Exists(Path.Combine(path, MarkerName));

    /// <summary>Opens a lake that must be there.</summary>
    /// <exception cref="LakeException">The folder is missing or is no lake.</exception>
    public static LakeFolder Open(string path)
    {
        var root = Path.GetFullPath(path);
        return Read(root) ?? throw new LakeException(Directory.Exists(root)
            ? $"{root} is not a lake (it has no {MarkerName}); name the folder of one with --lake."
            : $"There is no lake at {root}; 'pvlake demo' or 'pvlake run --mode backfill' makes one.");
    }

    /// <summary>Opens a lake, or makes one in a folder that is empty or missing.</summary>
    /// <exception cref="LakeException">The folder holds other things, or a lake with data of another origin.</exception>
    public static LakeFolder OpenOrCreate(string path, string origin)
    {
        var root = Path.GetFullPath(path);
        if (Read(root) is { } lake)
        {
            return lake.Origin == origin
                ? lake
                : throw new LakeException(
                    $"The lake at {root} holds {Describe(lake.Origin)} data; name another folder with --lake for {Describe(origin)} data.");
        }

        RequireEmpty(root);
        return Mark(root, origin);
    }

    /// <summary>Makes a folder a lake, whatever else is in it.</summary>
    public static LakeFolder Mark(string root, string origin)
    {
        Directory.CreateDirectory(root);
        var marker = Path.Combine(root, MarkerName);
        var unfinished = marker + ".tmp";
        File.WriteAllText(unfinished, JsonSerializer.Serialize(new Marker(Version, origin), MarkerJson.Default.Marker) + "\n");
        File.Move(unfinished, marker);
        return new LakeFolder(root, origin);
    }

    /// <summary>Keeps every other writer out of a folder that is empty or missing until disposed.</summary>
    /// <exception cref="LakeException">The folder holds something, or another process writes it.</exception>
    public static IAsyncDisposable LockEmpty(string path)
    {
        var root = Path.GetFullPath(path);
        if (Read(root) is not null)
        {
            throw new LakeException($"There is a lake at {root} already; name a new or empty folder with --lake.");
        }

        RequireEmpty(root);
        Directory.CreateDirectory(root);
        return Lock(root);
    }

    /// <summary>Keeps every other writer out until disposed.</summary>
    /// <exception cref="LakeException">Another process writes the lake.</exception>
    public IAsyncDisposable LockForWriting() => Lock(Root);

    private static void RequireEmpty(string root)
    {
        if (File.Exists(root) || (Directory.Exists(root)
            && Directory.EnumerateFileSystemEntries(root).Any(entry => Path.GetFileName(entry) != LakeConfiguration.FileName)))
        {
            throw new LakeException($"{root} is not a lake and not empty; name a new or empty folder with --lake.");
        }
    }

    private static FileStream Lock(string root)
    {
        var path = Path.Combine(root, ".lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(path) && exception is not (DirectoryNotFoundException or FileNotFoundException)
            && exception.HResult != 28)
        {
            throw new LakeException($"Another pvlake is writing the lake at {root}; wait for it to end and run this again.", exception);
        }
    }

    private static LakeFolder? Read(string root)
    {
        var path = Path.Combine(root, MarkerName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), MarkerJson.Default.Marker) is { Version: Version } marker
                ? new LakeFolder(root, marker.Origin)
                : throw new LakeException($"{path} is of another version; expected {Version}. Use the pvlake that made the lake.");
        }
        catch (JsonException exception)
        {
            throw new LakeException($"{path} is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>An origin as an adjective.</summary>
    internal static string Describe(string origin) => origin switch
    {
        "simulation" => "simulated",
        "replay" => "replayed",
        "live" => "live",
        _ => $"{origin}'s",
    };
}

/// <summary>What the marker file says.</summary>
/// <param name="Version">Version of the folder's layout.</param>
/// <param name="Origin">Where the data come from.</param>
internal sealed record Marker(
    [property: JsonPropertyName("version"), JsonRequired] int Version,
    [property: JsonPropertyName("origin"), JsonRequired] string Origin);

[JsonSourceGenerationOptions(WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Marker))]
internal sealed partial class MarkerJson : JsonSerializerContext;
