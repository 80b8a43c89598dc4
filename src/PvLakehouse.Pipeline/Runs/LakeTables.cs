using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>Finds the lake's tables and makes the missing ones from their contracts.</summary>
internal sealed class LakeTables(ICatalog catalog)
{
    /// <summary>The table of a contract, null when it was never made.</summary>
    public async Task<Table?> FindAsync(TableContract contract, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.LoadTableAsync(contract.Identifier, cancellationToken);
        }
        catch (NoSuchTableException)
        {
            return null;
        }
    }

    /// <summary>The table of a contract, to be written: made when missing, brought to the contract when an older version made it.</summary>
    /// <exception cref="PipelineException">A column has another type, which cannot be widened to the contract's.</exception>
    public async Task<Table> EnsureAsync(TableContract contract, CancellationToken cancellationToken)
    {
        if (await FindAsync(contract, cancellationToken) is { } found)
        {
            await TableEvolution.EvolveAsync(found, contract, cancellationToken);
            return found;
        }

        var @namespace = contract.Identifier.Namespace;
        if (!await catalog.NamespaceExistsAsync(@namespace, cancellationToken))
        {
            try
            {
                await catalog.CreateNamespaceAsync(@namespace, properties: null, cancellationToken);
            }
            catch (AlreadyExistsException)
            {
                // Somebody else made it in between, which is all that was wanted.
            }
        }

        try
        {
            return await catalog.CreateTableAsync(contract.Identifier, Creation(contract), cancellationToken);
        }
        catch (AlreadyExistsException)
        {
            return await catalog.LoadTableAsync(contract.Identifier, cancellationToken);
        }
    }

    private static TableCreation Creation(TableContract contract)
    {
        var fields = contract.Columns.Select((column, index) => new NestedField(
            index + 1, column.Name, IcebergType.Parse(column.Type), !column.Nullable, TableEvolution.Doc(column)));
        var schema = new Schema([.. fields], identifierFieldIds: contract.Key.Select(key => 1 + IndexOf(contract, key)));
        var spec = PartitionSpec.For(schema);
        foreach (var partition in contract.Partitioning)
        {
            spec = partition.Transform switch
            {
                "identity" => spec.Identity(partition.Column),
                "month" => spec.Month(partition.Column),
                _ => throw new ArgumentException($"{contract} is partitioned by {partition.Transform}, which no contract uses yet.", nameof(contract)),
            };
        }

        return new TableCreation
        {
            Schema = schema,
            Spec = spec.Build(),
            SortOrder = SortOrder.By(schema, contract.SortedBy),
            Properties = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["comment"] = contract.Grain,
                ["write.parquet.compression-codec"] = "zstd",
                // Compaction must not part the table from what its loads and models said of it.
                [TableProperties.SummaryCarriedPrefix] = Watermark.Prefix,
            },
        };
    }

    private static int IndexOf(TableContract contract, string column) =>
        contract.Columns.Select((candidate, index) => (candidate.Name, index)).First(item => item.Name == column).index;
}
