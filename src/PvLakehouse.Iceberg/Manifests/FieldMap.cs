using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>An immutable map from field ids to values, small because a table may have millions of them.</summary>
public sealed class FieldMap<T> : IReadOnlyDictionary<int, T>
{
    private readonly int[] _ids;
    private readonly T[] _values;

    /// <summary>Makes a map of distinct ids in any order.</summary>
    /// <exception cref="ArgumentException">An id occurs twice.</exception>
    public FieldMap(IEnumerable<KeyValuePair<int, T>> entries)
    {
        var sorted = entries.OrderBy(e => e.Key).ToArray();
        _ids = [.. sorted.Select(e => e.Key)];
        _values = [.. sorted.Select(e => e.Value)];
        CheckDistinct(nameof(entries));
    }

    internal FieldMap(int[] ids, T[] values)
    {
        _ids = ids;
        _values = values;
        if (!IsAscending())
        {
            Array.Sort(_ids, _values);
            CheckDistinct(nameof(ids));
        }
    }

    /// <summary>A map without entries.</summary>
    public static FieldMap<T> Empty { get; } = new([], []);

    /// <inheritdoc/>
    public int Count => _ids.Length;

    /// <inheritdoc/>
    public IEnumerable<int> Keys => _ids;

    /// <inheritdoc/>
    public IEnumerable<T> Values => _values;

    /// <inheritdoc/>
    public T this[int key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(
        $"No field {key}.");

    /// <inheritdoc/>
    public bool ContainsKey(int key) => Array.BinarySearch(_ids, key) >= 0;

    /// <inheritdoc/>
    public bool TryGetValue(int key, [MaybeNullWhen(false)] out T value)
    {
        var index = Array.BinarySearch(_ids, key);
        value = index >= 0 ? _values[index] : default;
        return index >= 0;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<int, T>> GetEnumerator()
    {
        for (var i = 0; i < _ids.Length; i++)
        {
            yield return new(_ids[i], _values[i]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool IsAscending()
    {
        for (var i = 1; i < _ids.Length; i++)
        {
            if (_ids[i - 1] >= _ids[i])
            {
                return false;
            }
        }

        return true;
    }

    private void CheckDistinct(string parameter)
    {
        if (!IsAscending())
        {
            throw new ArgumentException("A field id occurs twice in a map of metrics.", parameter);
        }
    }
}
