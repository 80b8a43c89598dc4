using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine;

/// <summary>A column of rows that come from C#.</summary>
/// <param name="Name">Name in SQL.</param>
/// <param name="Type">Type; its primitive types take the .NET types of <see cref="SqlResult"/>.</param>
public sealed record StagedColumn(string Name, IcebergType Type);
