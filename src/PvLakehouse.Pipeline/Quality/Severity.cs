namespace PvLakehouse.Pipeline.Quality;

/// <summary>How much a broken quality rule takes from a row.</summary>
public enum Severity
{
    /// <summary>Worth knowing, takes nothing: the name stands in <c>quality_issues</c>, flag and score stay.</summary>
    Information,

    /// <summary>The row may be used with care: <c>quality_flag</c> becomes WARNING.</summary>
    Warning,

    /// <summary>The row must not be used: <c>quality_flag</c> becomes BAD and <c>is_valid</c> false.</summary>
    Bad,

    /// <summary>Physics forbids the row: BAD, and its whole farm-day is held back from gold until a person or a correction
    /// decides.</summary>
    Veto,
}
