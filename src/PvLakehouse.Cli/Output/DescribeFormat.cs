namespace PvLakehouse.Cli.Output;

/// <summary>How descriptions of tables are printed.</summary>
internal enum DescribeFormat
{
    /// <summary>Aligned columns for people.</summary>
    Table,

    /// <summary>An array of objects.</summary>
    Json,

    /// <summary>The pages of the documentation.</summary>
    Markdown,
}
