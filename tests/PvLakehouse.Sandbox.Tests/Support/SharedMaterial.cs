namespace PvLakehouse.Sandbox.Tests.Support;

/// <summary>Finds recorded material that lies beside the project, in a folder named shared; tests skip without it.</summary>
internal static class SharedMaterial
{
    /// <summary>The full path of a file or folder under shared.</summary>
    public static string Path(params string[] parts)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = System.IO.Path.Combine([folder.FullName, "shared", .. parts]);
            if (File.Exists(path) || Directory.Exists(path))
            {
                return path;
            }
        }

        Assert.Skip($"The recorded material shared/{string.Join('/', parts)} is not beside the project.");
        return "";
    }
}
