namespace PvLakehouse.Pipeline.Expectations;

/// <summary>Something that must hold for each row of a table by itself.</summary>
/// <param name="Name">Name, in lower case with underscores, or a quality rule's.</param>
/// <param name="Broken">SQL predicate of the rows that break it.</param>
/// <param name="Sample">SQL text by which such a row is shown.</param>
/// <param name="Otherwise">What comes of a row that does.</param>
internal sealed record RowExpectation(string Name, string Broken, string Sample, CheckStatus Otherwise = CheckStatus.Fail);
