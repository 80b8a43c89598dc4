using PvLakehouse.Iceberg.Json;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>Whether small values come first.</summary>
public enum SortDirection
{
    /// <summary>Small values first.</summary>
    Ascending,

    /// <summary>Large values first.</summary>
    Descending,
}

/// <summary>Where null stands among the values.</summary>
public enum NullOrder
{
    /// <summary>Before every value.</summary>
    First,

    /// <summary>After every value.</summary>
    Last,
}

/// <summary>One key of a sort order.</summary>
/// <param name="SourceId">Field id of the source column.</param>
/// <param name="Transform">How the key comes from the source.</param>
/// <param name="Direction">Which values come first.</param>
/// <param name="Nulls">Where null stands.</param>
public sealed record SortField(int SourceId, Transform Transform, SortDirection Direction, NullOrder Nulls)
{
    /// <summary>Keys of the JSON form that this library does not interpret.</summary>
    public ExtraProperties Extra { get; init; } = ExtraProperties.None;
}

/// <summary>The order in which writers lay rows within files. Immutable; order 0 is "not sorted".</summary>
public sealed class SortOrder : IEquatable<SortOrder>
{
    /// <summary>Makes an order of keys, the most important first.</summary>
    public SortOrder(int orderId, IReadOnlyList<SortField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        OrderId = orderId;
        Fields = [.. fields];
    }

    /// <summary>No order, id 0.</summary>
    public static SortOrder Unsorted { get; } = new(0, []);

    /// <summary>Id among the sort orders of its table.</summary>
    public int OrderId { get; }

    /// <summary>The keys, the most important first.</summary>
    public IReadOnlyList<SortField> Fields { get; }

    /// <summary>An ascending order, nulls first, of the columns named.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public static SortOrder By(Schema schema, params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(columns);
        return columns.Count == 0 ? Unsorted : new SortOrder(1, [.. columns.Select(c => new SortField(
            schema.Find(c)?.Id ?? throw new ArgumentException($"There is no column '{c}' to sort by.", nameof(columns)),
            Transform.Identity, SortDirection.Ascending, NullOrder.First))]);
    }

    /// <summary>The same keys under another id.</summary>
    public SortOrder WithId(int orderId) => new(orderId, Fields);

    /// <summary>Whether id and keys are the same.</summary>
    public bool Equals(SortOrder? other) =>
        other is not null && OrderId == other.OrderId && Fields.SequenceEqual(other.Fields);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SortOrder);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(OrderId, Fields.Count);
}
