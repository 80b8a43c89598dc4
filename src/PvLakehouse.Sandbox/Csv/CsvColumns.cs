using System.Collections.Frozen;

namespace PvLakehouse.Sandbox.Csv;

/// <summary>The header of a CSV file.</summary>
internal sealed class CsvColumns
{
    private readonly FrozenDictionary<string, int> _positions;

    public CsvColumns(string file, IReadOnlyList<string> names)
    {
        File = file;
        Names = names;
        var repeated = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        _positions = repeated is null
            ? names.Select((name, position) => (name, position)).ToFrozenDictionary(
                pair => pair.name, pair => pair.position, StringComparer.Ordinal)
            : throw new CsvFormatException($"{file} names the column '{repeated.Key}' twice.");
    }

    /// <summary>The file, for messages.</summary>
    public string File { get; }

    /// <summary>The names in the order of the file.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether the file has a column.</summary>
    public bool Has(string name) => _positions.ContainsKey(name);

    /// <summary>The position of a column.</summary>
    /// <exception cref="CsvFormatException">The file has no such column.</exception>
    public int Position(string name) => _positions.TryGetValue(name, out var position)
        ? position
        : throw new CsvFormatException($"{File} has no column '{name}'; its columns are {string.Join(", ", Names)}.");
}
