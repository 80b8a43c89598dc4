using System.Security.Cryptography;
using System.Text.Json;

namespace PvLakehouse.Pipeline.Keeping.Exports;

/// <summary>The folder of an export: its files appear together when all are complete, and foreign ones are never touched.</summary>
internal sealed class ExportFolder
{
    private const string ManifestName = "manifest.json";
    private const string Unfinished = ".exporting";
    private readonly string _root;
    private readonly IReadOnlyList<string> _before;

    private ExportFolder(string root, IReadOnlyList<string> before)
    {
        _root = root;
        _before = before;
    }

    /// <summary>Opens a folder that is missing, empty, or holds an earlier export and nothing else.</summary>
    /// <exception cref="PipelineException">It holds other files.</exception>
    public static async Task<ExportFolder> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(path);
        if (File.Exists(root))
        {
            throw new PipelineException($"{root} is a file; an export needs a folder.");
        }

        Directory.CreateDirectory(root);
        var before = await FilesOfAsync(Path.Combine(root, ManifestName), cancellationToken);
        foreach (var entry in Directory.EnumerateFileSystemEntries(root))
        {
            var name = Path.GetFileName(entry);
            // What a killed export left behind is ours.
            if (name.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                File.Delete(entry);
            }
            else if (name != ManifestName && !before.Contains(name))
            {
                throw new PipelineException($"{root} holds '{name}', which no export put there; name a new or empty folder.");
            }
        }

        return new ExportFolder(root, before);
    }

    /// <summary>The path under which a file is written until all are complete.</summary>
    public string Draft(string name) => Path.Combine(_root, name + Unfinished);

    /// <summary>Length and checksum of a written file.</summary>
    public async Task<(long Bytes, string Sha256)> DescribeAsync(string name, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(Draft(name));
        return (file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)));
    }

    /// <summary>Removes what was written.</summary>
    public void Discard()
    {
        foreach (var path in Directory.EnumerateFiles(_root, "*" + Unfinished))
        {
            File.Delete(path);
        }
    }

    /// <summary>Makes the export visible in place of an earlier one.</summary>
    public async Task CompleteAsync(ExportManifest manifest, CancellationToken cancellationToken)
    {
        await using (var file = File.Create(Draft(ManifestName)))
        {
            await JsonSerializer.SerializeAsync(file, manifest, ExportJson.Default.ExportManifest, cancellationToken);
        }

        // Without manifest while files are exchanged: nobody takes a half-new folder for an export.
        File.Delete(Path.Combine(_root, ManifestName));
        var files = manifest.Tables.Select(table => table.File).Distinct(StringComparer.Ordinal).ToList();
        foreach (var old in _before.Except(files, StringComparer.Ordinal))
        {
            File.Delete(Path.Combine(_root, old));
        }

        foreach (var name in files.Append(ManifestName))
        {
            File.Move(Draft(name), Path.Combine(_root, name), overwrite: true);
        }
    }

    private static async Task<IReadOnlyList<string>> FilesOfAsync(string manifest, CancellationToken cancellationToken)
    {
        if (!File.Exists(manifest))
        {
            return [];
        }

        try
        {
            await using var file = File.OpenRead(manifest);
            var earlier = await JsonSerializer.DeserializeAsync(file, ExportJson.Default.ExportManifest, cancellationToken);
            return [.. earlier?.Tables?.Select(table => table.File) ?? []];
        }
        catch (JsonException e)
        {
            throw new PipelineException($"{manifest} is none of an export: {e.Message} Name a new or empty folder.", e);
        }
    }
}
