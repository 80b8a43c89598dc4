using System.Globalization;
using System.Text.RegularExpressions;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Metadata;

/// <summary>Finds and reads metadata files of tables that no catalog of ours knows.</summary>
public static partial class TableMetadataFiles
{
    private static readonly string[] Suffixes = [".metadata.json", ".gz.metadata.json", ".metadata.json.gz"];

    /// <summary>Reads a metadata file, plain or gzip.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IcebergFormatException">The file is no table metadata that can be read here.</exception>
    public static async Task<TableMetadata> ReadAsync(
        IFileIO io, string location, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(io);
        await using var stream = await io.OpenReadAsync(location, cancellationToken);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return TableMetadata.FromJson(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), location);
    }

    /// <summary>Whether a location looks like a metadata file rather than the folder of a table.</summary>
    public static bool IsMetadataFile(string location)
    {
        ArgumentNullException.ThrowIfNull(location);
        return Suffixes.Any(suffix => location.EndsWith(suffix, StringComparison.Ordinal));
    }

    /// <summary>
    /// The newest metadata file of a table, by <c>metadata/version-hint.text</c> or, without it, by the names of the files.
    /// </summary>
    /// <remarks>
    /// Good for reading only: without a catalog nothing tells a commit that failed half-way from one that succeeded.
    /// </remarks>
    /// <param name="io">Storage of the table.</param>
    /// <param name="tableLocation">The folder that holds <c>metadata/</c>.</param>
    /// <param name="cancellationToken">Stops between requests.</param>
    /// <exception cref="IcebergFormatException">There is no metadata file, or two claim to be the newest.</exception>
    public static async Task<string> FindCurrentAsync(
        IFileIO io, string tableLocation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(io);
        ArgumentException.ThrowIfNullOrEmpty(tableLocation);
        var folder = $"{tableLocation.TrimEnd('/')}/metadata";
        return await HintAsync(io, $"{folder}/version-hint.text", cancellationToken) is { } hint
            ? await ByHintAsync(io, folder, hint, cancellationToken)
            : await ByNameAsync(io, folder, cancellationToken);
    }

    private static async Task<string?> HintAsync(IFileIO io, string location, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await io.OpenReadAsync(location, cancellationToken);
            using var reader = new StreamReader(stream);
            var text = new char[300];
            var length = await reader.ReadBlockAsync(text, cancellationToken);
            return new string(text, 0, length).Trim();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static async Task<string> ByHintAsync(
        IFileIO io, string folder, string hint, CancellationToken cancellationToken)
    {
        if (!int.TryParse(hint, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            // Some writers put the beginning of the file's name there.
            return await FirstAsync(io, folder, hint, cancellationToken) ?? throw Missing(folder, hint);
        }

        var current = await FirstAsync(io, folder, Versioned(version), cancellationToken) ?? throw Missing(folder, hint);

        // The hint is written after the metadata and may never have been: later versions count.
        while (await FirstAsync(io, folder, Versioned(++version), cancellationToken) is { } later)
        {
            current = later;
        }

        return current;
    }

    private static async Task<string?> FirstAsync(
        IFileIO io, string folder, string name, CancellationToken cancellationToken)
    {
        foreach (var suffix in Suffixes)
        {
            var location = $"{folder}/{name}{suffix}";
            if (await io.ExistsAsync(location, cancellationToken))
            {
                return location;
            }
        }

        return null;
    }

    private static async Task<string> ByNameAsync(IFileIO io, string folder, CancellationToken cancellationToken)
    {
        var (newest, version, rival) = ((string?)null, -1, (string?)null);
        await foreach (var file in io.ListAsync(folder, cancellationToken))
        {
            var name = file.Location[(file.Location.LastIndexOf('/') + 1)..];
            if (MetadataName().Match(name) is not { Success: true } match
                || !int.TryParse(match.Groups["version"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                continue;
            }

            if (number > version)
            {
                (newest, version, rival) = (file.Location, number, null);
            }
            else if (number == version)
            {
                rival = file.Location;
            }
        }

        if (rival is not null)
        {
            throw new IcebergFormatException(
                $"Both '{newest}' and '{rival}' are version {version} of the table; only its catalog knows which is current. "
                + "Name one of them.", folder);
        }

        return newest ?? throw new IcebergFormatException(
            "The folder holds neither version-hint.text nor a metadata file such as v1.metadata.json.", folder);
    }

    private static string Versioned(int version) => string.Create(CultureInfo.InvariantCulture, $"v{version}");

    private static IcebergFormatException Missing(string folder, string hint) =>
        new($"version-hint.text says '{hint}', but there is no such metadata file.", folder);

    [GeneratedRegex(
        @"^(v(?<version>\d{1,9})|(?<version>\d{1,9})-[^.]+)(\.gz\.metadata\.json|\.metadata\.json(\.gz)?)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex MetadataName();
}
