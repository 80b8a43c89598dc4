namespace PvLakehouse.Engine.Sql.Functions;

/// <summary>A call of a table function in a statement.</summary>
/// <param name="Function">The function.</param>
/// <param name="Arguments">What stands between the parentheses.</param>
/// <param name="Relation">The name that stands in its place.</param>
internal sealed record FunctionCall(SqlTableFunction Function, string Arguments, string Relation);
