using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Sql.Tests;

/// <summary>
/// A transaction on two tables, with rows of one replaced, whose client meets faults; and what other clients see of it.
/// </summary>
/// <param name="open">Opens a client of the catalog with a storage.</param>
/// <param name="data">Writes a data file of a name.</param>
internal sealed class SqlFaultMatrix(Func<IFileIO, Task<SqlCatalog>> open, Func<string, DataFile> data)
{
    private static readonly Namespace Silver = new("silver");
    private static readonly TableIdentifier Energy = new(Silver, "energy");
    private static readonly TableIdentifier Weather = new(Silver, "weather");
    private static readonly Schema Schema = new([NestedField.Mandatory(1, "id", IcebergType.Long)]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes the tables.</summary>
    public async Task PrepareAsync()
    {
        await using var catalog = await open(new LocalFileIO());
        await catalog.CreateNamespaceAsync(Silver, cancellationToken: Cancel);
        foreach (var (name, file) in new[] { (Energy, "e0"), (Weather, "w0") })
        {
            var table = await catalog.CreateTableAsync(name, new() { Schema = Schema }, Cancel);
            await table.NewAppend().Add(data(file)).CommitAsync(Cancel);
        }
    }

    /// <summary>Replaces the one file of each table by the next, in one commit, and tells how it ended.</summary>
    /// <param name="client">The client that meets the fault.</param>
    /// <param name="round">How often this was done before.</param>
    /// <param name="start">Called when the tables are loaded, right before the transaction.</param>
    /// <param name="cancellationToken">Cancels the transaction.</param>
    public async Task<Exception?> CommitAsync(
        ICatalog client, int round, Action start, CancellationToken cancellationToken)
    {
        var (energy, weather) =
            (await client.LoadTableAsync(Energy, Cancel), await client.LoadTableAsync(Weather, Cancel));
        var old = (Energy: await FileAsync(energy), Weather: await FileAsync(weather));
        var next = (Energy: data($"e{round + 1}"), Weather: data($"w{round + 1}"));
        start();
        try
        {
            await using var transaction = client.NewMultiTableTransaction();
            await transaction.On(energy).NewOverwrite().Remove(old.Energy).Add(next.Energy)
                .CommitAsync(cancellationToken);
            await transaction.On(weather).NewOverwrite().Remove(old.Weather).Add(next.Weather)
                .CommitAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return null;
        }
        catch (Exception e) when (e is IcebergException or IOException or OperationCanceledException)
        {
            return e;
        }
    }

    /// <summary>
    /// The number of the files that both tables hold, as a client sees it that knows nothing; fails when the tables
    /// differ, or when something that they lead to is missing.
    /// </summary>
    public async Task<int> ReadAsync()
    {
        await using var catalog = await open(new LocalFileIO());
        var (energy, weather) =
            (await catalog.LoadTableAsync(Energy, Cancel), await catalog.LoadTableAsync(Weather, Cancel));
        var (e, w) = (await NumberAsync(energy), await NumberAsync(weather));
        Assert.Equal(e, w);
        Assert.Equal(energy.Metadata.Snapshots.Count, weather.Metadata.Snapshots.Count);
        return e;
    }

    private static async Task<DataFile> FileAsync(Table table)
    {
        var files = await table.NewScan().PlanFilesAsync(Cancel).ToListAsync(Cancel);
        return Assert.Single(files).File;
    }

    private static async Task<int> NumberAsync(Table table)
    {
        foreach (var snapshot in table.Metadata.Snapshots)
        {
            foreach (var manifest in await ManifestListReader.ReadAsync(table.Io, table.Metadata, snapshot, Cancel))
            {
                await foreach (var entry in new ManifestReader(table.Io, table.Metadata).ReadAsync(manifest, Cancel))
                {
                    Assert.True(!entry.IsLive || File.Exists(entry.File.FilePath), $"{entry.File.FilePath} is gone");
                }
            }
        }

        Assert.All(table.Metadata.MetadataLog, entry => Assert.True(File.Exists(entry.MetadataFile)));
        Assert.Equal("1", table.CurrentSnapshot!.Summary[SummaryKeys.TotalDataFiles]);
        var name = Path.GetFileName((await FileAsync(table)).FilePath);
        return int.Parse(name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
    }
}
