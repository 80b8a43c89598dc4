namespace PvLakehouse.Iceberg.Spec;

/// <summary>
/// The partition tuple of a file: one value, possibly null, for each field of its spec. Immutable, usable as a key.
/// </summary>
public sealed class PartitionValues : IEquatable<PartitionValues>
{
    private readonly Literal?[] _values;

    /// <summary>Makes a tuple of values in the order of the spec's fields.</summary>
    public PartitionValues(IReadOnlyList<Literal?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _values = [.. values];
    }

    /// <summary>The tuple without values, of files in tables that are not partitioned.</summary>
    public static PartitionValues None { get; } = new([]);

    /// <summary>Number of values.</summary>
    public int Count => _values.Length;

    /// <summary>The value at a position of the spec.</summary>
    public Literal? this[int index] => _values[index];

    /// <summary>Whether both hold equal values; null equals null.</summary>
    public bool Equals(PartitionValues? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PartitionValues);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in _values)
        {
            hash.Add(value?.GetHashCode() ?? 0);
        }

        return hash.ToHashCode();
    }

    /// <summary>The values as text, for example <c>(2017-11-16, null)</c>.</summary>
    public override string ToString() => $"({string.Join(", ", _values.Select(v => v?.ToString() ?? "null"))})";
}
