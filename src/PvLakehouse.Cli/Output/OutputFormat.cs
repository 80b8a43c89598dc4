namespace PvLakehouse.Cli.Output;

/// <summary>How results are printed.</summary>
internal enum OutputFormat
{
    /// <summary>Aligned columns for people.</summary>
    Table,

    /// <summary>RFC 4180 with a header line.</summary>
    Csv,

    /// <summary>One array of objects.</summary>
    Json,
}
