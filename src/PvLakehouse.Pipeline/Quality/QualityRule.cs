namespace PvLakehouse.Pipeline.Quality;

/// <summary>One thing that can be wrong with a row of a silver table.</summary>
/// <param name="Name">The name that appears in <c>quality_issues</c>, upper case with underscores.</param>
/// <param name="Severity">What the rule takes from the row.</param>
/// <param name="Meaning">One sentence for the reader of a report.</param>
/// <param name="Threshold">The limit, with its unit.</param>
/// <param name="Source">Where the limit comes from: author and year, or what was measured.</param>
/// <param name="Predicate">SQL over the model's columns that is true when the rule is broken; null counts as not broken.</param>
public sealed record QualityRule(string Name, Severity Severity, string Meaning, string Threshold, string Source, string Predicate);
