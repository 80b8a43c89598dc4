namespace PvLakehouse.Engine;

/// <summary>A relation that is computed from arguments, by a name that looks like a table's: <c>FROM iceberg.silver.f('2025-01-01')</c>.</summary>
public sealed record SqlTableFunction
{
    /// <summary>The namespace in its name.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The columns of its rows.</summary>
    public required IReadOnlyList<StagedColumn> Columns { get; init; }

    /// <summary>
    /// Computes the rows. Arguments are the values of constant SQL expressions, of the .NET types of <see cref="SqlResult"/>. What is
    /// wrong with them is said by a <see cref="SqlEngineException"/>.
    /// </summary>
    public required Func<IReadOnlyList<object?>, CancellationToken, IAsyncEnumerable<object?[]>> Rows { get; init; }
}
