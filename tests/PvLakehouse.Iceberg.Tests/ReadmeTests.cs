using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

// The examples are for readers: they pass no cancellation token.
#pragma warning disable xUnit1051

namespace PvLakehouse.Iceberg.Tests;

/// <summary>What the README of the library shows compiles, runs and does what it says.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_examples_run()
    {
        var warehouse = _folder.Path;
        var planned = new List<string>();
        var operations = new List<string>();

        var io = new LocalFileIO();
        var catalog = new InMemoryCatalog(warehouse, io);
        await catalog.CreateNamespaceAsync(new Namespace("energy"));

        var schema = new Schema([
            NestedField.Mandatory(1, "facility_code", IcebergType.String),
            NestedField.Mandatory(2, "date_hour", IcebergType.TimestampTz),
            NestedField.Optional(3, "energy_mwh", IcebergType.Double)]);
        var table = await catalog.CreateTableAsync(TableIdentifier.Parse("energy.hourly"), new TableCreation
        {
            Schema = schema,
            Spec = PartitionSpec.For(schema).Month("date_hour").Build(),
            SortOrder = SortOrder.By(schema, ["facility_code", "date_hour"]),
        });

        // January 2025 is month 660 since 1970.
        var january = new PartitionValues([Literal.Int(660)]);
        var location = table.Locations.DataFile(table.Spec, january, "part-00000.parquet");
        var size = await WriteParquetAsync(io, location);

        await table.NewAppend().Add(new DataFile
        {
            FilePath = location,
            SpecId = table.Spec.SpecId,
            Partition = january,
            RecordCount = 744,
            FileSizeInBytes = size,
            Metrics = DataFileMetrics.From(table.Metadata, new Dictionary<int, ColumnStatistics>
            {
                [3] = new() { ValueCount = 744, NullCount = 2, NanCount = 0, Min = Literal.Double(0), Max = Literal.Double(95.5) },
            }),
        }).CommitAsync();

        var scan = table.NewScan().Where(Expression.And(
            Expression.GreaterThanOrEqual("date_hour", new DateTimeOffset(2025, 1, 10, 0, 0, 0, TimeSpan.Zero)),
            Expression.GreaterThan("energy_mwh", 50.0)));
        await foreach (var task in scan.PlanFilesAsync())
        {
            // Read the rows of task.File.FilePath, leave out those that task.Deletes names, and apply the filter to the rest.
            planned.Add(task.File.FilePath);
        }

        await table.UpdateSchema().AddColumn("quality_flag", IcebergType.String).RenameColumn("energy_mwh", "energy").CommitAsync();
        await table.ManageSnapshots().CreateTag("before-audit", table.CurrentSnapshot!.SnapshotId).CommitAsync();

        await foreach (var snapshot in table.Inspect().SnapshotsAsync())
        {
            operations.Add(snapshot.Operation!);
        }

        var plan = await table.ExpireSnapshots().RetainLast(5).PlanAsync();   // says what would go
        await table.ExpireSnapshots().RetainLast(5).RunAsync();

        Assert.Equal([location], planned);
        Assert.Equal(["append"], operations);
        Assert.Empty(plan.Snapshots);
        Assert.Equal(["facility_code", "date_hour", "energy", "quality_flag"], table.Schema.Columns.Select(c => c.Name));
        Assert.Equal(["before-audit", "main"], table.Metadata.Refs.Keys.Order(StringComparer.Ordinal));
        await foreach (var task in table.NewScan().Where(Expression.GreaterThan("energy", 95.5)).PlanFilesAsync())
        {
            Assert.Fail($"File '{task.File.FilePath}' holds nothing above 95.5 MWh.");
        }
    }

    [Fact]
    public async Task The_examples_are_the_ones_of_the_README()
    {
        var here = ThisFile();
        var readme = Path.Combine(Path.GetDirectoryName(here)!, "../../src/PvLakehouse.Iceberg/README.md");
        var code = Squeezed(await File.ReadAllTextAsync(here, TestContext.Current.CancellationToken));
        var blocks = Block().Matches(await File.ReadAllTextAsync(readme, TestContext.Current.CancellationToken));
        Assert.Equal(4, blocks.Count);
        Assert.All(blocks, block => Assert.Contains(Squeezed(block.Groups["code"].Value), code, StringComparison.Ordinal));
    }

    /// <summary>Stands for the reader's engine: the library does not look into data files.</summary>
    private static async Task<long> WriteParquetAsync(LocalFileIO io, string location)
    {
        await using var file = await io.CreateAsync(location);
        await file.Content.WriteAsync("PAR1"u8.ToArray());
        await file.CompleteAsync();
        return 4;
    }

    private static string Squeezed(string text) => string.Join(
        '\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();
}
