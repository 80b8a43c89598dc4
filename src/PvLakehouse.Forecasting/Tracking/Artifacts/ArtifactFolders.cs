namespace PvLakehouse.Forecasting.Tracking.Artifacts;

/// <summary>Makes listings of folders from files at any depth.</summary>
internal static class ArtifactFolders
{
    /// <summary>The folder as a prefix of paths: empty for the root, else with a slash at the end.</summary>
    /// <exception cref="TrackingException">It is no path of an artifact.</exception>
    public static string Prefix(string? folder)
    {
        if (string.IsNullOrEmpty(folder))
        {
            return "";
        }

        TrackingRules.CheckArtifactPath(folder);
        return $"{folder}/";
    }

    /// <summary>What is directly in a folder, by path.</summary>
    /// <param name="files">Files below the folder, paths from the root.</param>
    /// <param name="prefix">The folder as a prefix.</param>
    public static IReadOnlyList<ArtifactFile> Children(IEnumerable<ArtifactFile> files, string prefix) =>
    [
        .. files
            .Select(f => f.Path.IndexOf('/', prefix.Length) is var slash and >= 0
                ? new ArtifactFile(f.Path[..slash], IsDirectory: true, FileSize: null)
                : f)
            .Distinct()
            .OrderBy(f => f.Path, StringComparer.Ordinal),
    ];
}
