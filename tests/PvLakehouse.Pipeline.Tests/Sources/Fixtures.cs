namespace PvLakehouse.Pipeline.Tests.Sources;

/// <summary>Recorded bodies of the real APIs, kept beside the project.</summary>
internal static class Fixtures
{
    /// <summary>The bytes of a recording; the test is skipped where the folder is absent.</summary>
    public static byte[] Read(params string[] path) => File.ReadAllBytes(Find("fixtures", "apis", Path.Combine(path)));

    /// <summary>The path of something recorded; the test is skipped where it is absent.</summary>
    public static string Find(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine([folder.FullName, "shared", .. path]);
            if (Path.Exists(candidate))
            {
                return candidate;
            }
        }

        Assert.Skip($"The recordings are not here: no folder 'shared' with {Path.Combine(path)} above the tests.");
        return "";
    }
}
