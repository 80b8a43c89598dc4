using System.Runtime.CompilerServices;

namespace PvLakehouse.Forecasting.Tests.Learners;

/// <summary>Where the sources of these tests are.</summary>
internal static class SourceFolder
{
    /// <summary>The folder of the test project.</summary>
    public static string OfTests() => Path.GetDirectoryName(Path.GetDirectoryName(This()))!;

    private static string This([CallerFilePath] string path = "") => path;
}
