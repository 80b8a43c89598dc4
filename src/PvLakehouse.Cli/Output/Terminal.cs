namespace PvLakehouse.Cli.Output;

/// <summary>Whether a person looks at the output.</summary>
internal static class Terminal
{
    /// <summary>True when standard output is a terminal; colours, spinners and boxes are for people only.</summary>
    public static bool IsInteractive => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";
}
