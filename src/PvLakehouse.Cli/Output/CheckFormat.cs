namespace PvLakehouse.Cli.Output;

/// <summary>How the results of checks are printed.</summary>
internal enum CheckFormat
{
    /// <summary>Lines for people.</summary>
    Table,

    /// <summary>An array of objects.</summary>
    Json,

    /// <summary>JUnit's XML, one test case a check.</summary>
    JUnit,
}
