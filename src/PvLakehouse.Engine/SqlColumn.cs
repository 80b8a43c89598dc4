namespace PvLakehouse.Engine;

/// <summary>A column of a result.</summary>
/// <param name="Name">Name, not necessarily unique in its result.</param>
/// <param name="Type">Type as the engine names it, for example <c>TIMESTAMP WITH TIME ZONE</c>.</param>
public sealed record SqlColumn(string Name, string Type);
