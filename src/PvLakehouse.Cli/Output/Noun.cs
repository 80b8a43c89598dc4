namespace PvLakehouse.Cli.Output;

/// <summary>What is counted, as it stands after a number.</summary>
internal static class Noun
{
    /// <summary>The noun itself after 1, its plural after everything else.</summary>
    /// <param name="count">The number as it is printed.</param>
    /// <param name="singular">A noun whose plural has an s.</param>
    public static string Of(double count, string singular) => count is 1 ? singular : $"{singular}s";
}
