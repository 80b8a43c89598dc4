namespace PvLakehouse.Pipeline.Contracts;

/// <summary>A column whose every value is a key of a dimension.</summary>
/// <param name="Column">The column.</param>
/// <param name="Dimension">The table that it points to.</param>
/// <param name="Key">The dimension's key column.</param>
public sealed record ForeignKey(string Column, TableContract Dimension, string Key);
