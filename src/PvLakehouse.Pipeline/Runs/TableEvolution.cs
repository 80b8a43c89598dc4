using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>Brings a table that an older version made to its contract of today, without touching a row.</summary>
/// <remarks>
/// Columns only ever come: what the contract has and the table lacks is added, empty for the rows that are there. What the contract no
/// longer has stays with its values, marked as deprecated and open for null, so that nobody's query breaks.
/// </remarks>
internal static class TableEvolution
{
    private const string Mark = "Deprecated: ";

    /// <summary>What a table says about a column.</summary>
    public static string Doc(ColumnContract column)
    {
        var text = column.Unit.Length == 0 ? column.Meaning : $"{column.Meaning} [{column.Unit}]";
        return column.IsDeprecated ? Mark + text : text;
    }

    /// <summary>Columns of a table that its contract no longer has: a merge must leave their values alone.</summary>
    public static IReadOnlyList<string> Left(Schema schema, TableContract contract) =>
        [.. schema.Columns.Where(field => !contract.Columns.Any(column => column.Name == field.Name)).Select(field => field.Name)];

    /// <summary>Adds what the table lacks and marks what the contract has left behind; one commit, and none when all agrees.</summary>
    /// <exception cref="PipelineException">A column has another type, which cannot be widened to the contract's.</exception>
    public static async Task EvolveAsync(Table table, TableContract contract, CancellationToken cancellationToken)
    {
        var update = table.UpdateSchema();
        var changes = 0;
        foreach (var column in contract.Columns)
        {
            var type = IcebergType.Parse(column.Type);
            if (table.Schema.Columns.FirstOrDefault(field => field.Name == column.Name) is not { } field)
            {
                // Optional even when the contract promises a value: the rows that are there have none until they are computed again.
                Change(() => update.AddColumn(column.Name, type, Doc(column)));
                continue;
            }

            if (!field.Type.Equals(type))
            {
                Change(() => update.UpdateColumnType(column.Name, type), column, field);
            }

            if (field.Required && column.Nullable)
            {
                Change(() => update.MakeOptional(column.Name));
            }

            if (field.Doc != Doc(column))
            {
                Change(() => update.UpdateDoc(column.Name, Doc(column)));
            }
        }

        foreach (var name in Left(table.Schema, contract))
        {
            var field = table.Schema.Columns.First(column => column.Name == name);
            if (field.Required)
            {
                Change(() => update.MakeOptional(name));
            }

            if (field.Doc?.StartsWith(Mark, StringComparison.Ordinal) != true)
            {
                Change(() => update.UpdateDoc(name, Mark + (field.Doc ?? "no longer written.")));
            }
        }

        if (changes > 0)
        {
            await update.CommitAsync(cancellationToken);
        }

        void Change(Action change, ColumnContract? column = null, NestedField? field = null)
        {
            try
            {
                change();
                changes++;
            }
            catch (Exception exception) when (exception is ArgumentException or IcebergException or InvalidOperationException)
            {
                throw new PipelineException(column is null
                    ? $"{contract} cannot be brought to the form that this version writes: {exception.Message}"
                    : $"{contract} holds {column.Name} as {field!.Type}, and this version writes {column.Type}, to which it cannot be widened; "
                        + "use the pvlake that made the lake, or build a new one.");
            }
        }
    }
}
