using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading.Projection;

/// <summary>A column that is wanted from files.</summary>
/// <param name="Field">The column of the table.</param>
/// <param name="Name">What it is called in the result; unique without regard to case.</param>
internal sealed record ReadTarget(NestedField Field, string Name)
{
    /// <summary>The columns of a schema. Names that differ only by case are told apart as DuckDB does it, by a number.</summary>
    public static IReadOnlyList<ReadTarget> Of(Schema schema)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var targets = new List<ReadTarget>();
        foreach (var column in schema.Columns)
        {
            var name = column.Name;
            for (var number = 1; !taken.Add(name); number++)
            {
                name = FormattableString.Invariant($"{column.Name}_{number}");
            }

            targets.Add(new ReadTarget(column, name));
        }

        return targets;
    }
}
