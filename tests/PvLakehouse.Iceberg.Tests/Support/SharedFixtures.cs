namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Tables and files that other implementations wrote, in a folder "shared" beside the project; tests skip without it.</summary>
internal static class SharedFixtures
{
    private static readonly Lazy<string?> Found = new(Find);

    public static string Root => Found.Value ?? Skip();

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    private static string Skip()
    {
        Assert.Skip("There is no folder shared/fixtures/iceberg beside the project.");
        return "";
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = System.IO.Path.Combine(folder.FullName, "shared", "fixtures", "iceberg");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
