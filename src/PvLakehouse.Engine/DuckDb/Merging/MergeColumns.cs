using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Merging;

/// <summary>The parts that a table's columns play in a merge.</summary>
internal sealed class MergeColumns
{
    /// <exception cref="SqlEngineException">A column of the options does not exist, or plays two parts.</exception>
    public MergeColumns(Table table, MergeOptions options)
    {
        Keys = Find(table, options.KeyColumns, "key");
        InsertStamps = Find(table, options.InsertStampColumns, "insert stamp");
        UpdateStamps = Find(table, options.UpdateStampColumns, "update stamp");
        if (Keys.Count == 0)
        {
            throw new SqlEngineException($"A merge into {table.Identifier} needs at least one key column.");
        }

        var parts = Keys.Concat(InsertStamps).Concat(UpdateStamps).ToList();
        if (parts.GroupBy(c => c.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new SqlEngineException(
                $"Column '{twice.First().Name}' of {table.Identifier} is named twice among the key and stamp columns of a merge.");
        }

        Compared = [.. table.Schema.Columns.Where(c => parts.TrueForAll(p => p.Id != c.Id))];
    }

    /// <summary>Columns that identify a row.</summary>
    public IReadOnlyList<NestedField> Keys { get; }

    /// <summary>Columns that keep their value when a row is replaced.</summary>
    public IReadOnlyList<NestedField> InsertStamps { get; }

    /// <summary>Columns that do not make a row differ.</summary>
    public IReadOnlyList<NestedField> UpdateStamps { get; }

    /// <summary>Columns that make a row differ.</summary>
    public IReadOnlyList<NestedField> Compared { get; }

    /// <summary>SQL that is true when two rows have the same key.</summary>
    public string SameKey(string left, string right) =>
        string.Join(" AND ", Keys.Select(k => $"{left}.{SqlText.Name(k.Name)} = {right}.{SqlText.Name(k.Name)}"));

    /// <summary>SQL that is true when two rows of one key differ.</summary>
    public string Differ(string left, string right) => Compared.Count == 0
        ? "false"
        : string.Join(" OR ", Compared.Select(c => $"{left}.{SqlText.Name(c.Name)} IS DISTINCT FROM {right}.{SqlText.Name(c.Name)}"));

    public string KeyNames => SqlText.List(Keys.Select(k => SqlText.Name(k.Name)));

    private static List<NestedField> Find(Table table, IReadOnlyList<string> names, string part) => [.. names.Select(n =>
        table.Schema.Columns.FirstOrDefault(c => c.Name.Equals(n, StringComparison.OrdinalIgnoreCase)) ?? throw new SqlEngineException(
            $"Table {table.Identifier} has no column '{n}' to be a {part} column of a merge; it has {string.Join(", ", table.Schema.Columns.Select(c => c.Name))}."))];
}
