using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Documentation;

/// <summary>Which table is made of which, as the models say that make them.</summary>
internal static class TableLineage
{
    /// <summary>The tables that a table is made of; empty for bronze, and for tables that the program makes by rules alone.</summary>
    public static IReadOnlyList<TableContract> ReadsFrom(TableContract table) =>
        Models.All.FirstOrDefault(model => model.Target == table) is { } model
            ? [.. model.Sources.Select(source => source.Table).Concat(model.Lookups).Where(read => read != table).Distinct()]
            : [];

    /// <summary>The tables that are made of a table.</summary>
    public static IReadOnlyList<TableContract> ReadBy(TableContract table) =>
        [.. Datasets.Contracts.Where(reader => ReadsFrom(reader).Contains(table))];

    /// <summary>The endpoints that a table's values come from, through however many tables.</summary>
    public static IReadOnlyList<string> Sources(TableContract table)
    {
        var (seen, waiting, sources) = (new HashSet<TableContract>(), new Stack<TableContract>([table]),
            new SortedSet<string>(StringComparer.Ordinal));
        while (waiting.TryPop(out var next))
        {
            if (seen.Add(next))
            {
                sources.UnionWith(next.Sources);
                foreach (var read in ReadsFrom(next))
                {
                    waiting.Push(read);
                }
            }
        }

        return [.. sources];
    }
}
