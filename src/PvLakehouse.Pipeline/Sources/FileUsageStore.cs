using System.Text.Json;
using System.Text.Json.Serialization;

namespace PvLakehouse.Pipeline.Sources;

/// <summary>Keeps the usage of providers in a small JSON file.</summary>
/// <remarks>
/// The file is replaced as a whole. One that is damaged counts as none: what it said would have been forgotten by the next day anyway, and
/// the servers count too.
/// </remarks>
/// <param name="path">The file; made when something is first written.</param>
public sealed class FileUsageStore(string path) : IUsageStore
{
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public SourceUsage Read(string provider)
    {
        lock (_lock)
        {
            return All().GetValueOrDefault(provider) ?? new();
        }
    }

    /// <inheritdoc/>
    public void Write(string provider, SourceUsage usage)
    {
        lock (_lock)
        {
            var all = All();
            all[provider] = usage;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var unfinished = path + ".tmp";
            File.WriteAllBytes(unfinished, JsonSerializer.SerializeToUtf8Bytes(all, UsageJson.Default.DictionaryStringSourceUsage));
            File.Move(unfinished, path, overwrite: true);
        }
    }

    private Dictionary<string, SourceUsage> All()
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), UsageJson.Default.DictionaryStringSourceUsage) ?? []
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Dictionary<string, SourceUsage>))]
internal sealed partial class UsageJson : JsonSerializerContext;
