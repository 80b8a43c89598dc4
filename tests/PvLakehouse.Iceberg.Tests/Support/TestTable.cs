using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Small tables in memory: farm readings by month, with file metrics for the hour and the energy.</summary>
internal static class TestTable
{
    public static readonly TableIdentifier Name = TableIdentifier.Parse("silver.energy");

    public static readonly Schema Schema = new(
    [
        NestedField.Mandatory(1, "facility", IcebergType.String),
        NestedField.Mandatory(2, "date_hour", IcebergType.TimestampTz),
        NestedField.Optional(3, "energy", IcebergType.Double),
    ]);

    public static PartitionSpec ByMonth => PartitionSpec.For(Schema).Month("date_hour").Build();

    public static async Task<Table> CreateAsync(
        IFileIO? io = null,
        PartitionSpec? spec = null,
        CommitContext? context = null,
        Dictionary<string, string>? properties = null,
        string warehouse = "mem:/warehouse")
    {
        var catalog = new InMemoryCatalog(warehouse, io ?? new InMemoryFileIO(), context: context ?? Seeded());
        await catalog.CreateNamespaceAsync(Name.Namespace, cancellationToken: Cancel);
        return await catalog.CreateTableAsync(
            Name,
            new TableCreation { Schema = Schema, Spec = spec ?? ByMonth, Properties = properties ?? [] },
            Cancel);
    }

    public static CommitContext Seeded() => new(TimeProvider.System, new IdSource(42));

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A file of one month's readings of all days, named by month and number.</summary>
    public static DataFile Month(int year, int month, int number = 0, long records = 100) => new()
    {
        FilePath = $"mem:/data/{year}-{month:00}-{number}.parquet",
        RecordCount = records,
        FileSizeInBytes = records * 10,
        Partition = new PartitionValues([Literal.Int(((year - 1970) * 12) + month - 1)]),
        Metrics = Hours(new DateTimeOffset(year, month, 1, 0, 0, 0, TimeSpan.Zero), DateTime.DaysInMonth(year, month) * 24),
    };

    /// <summary>A file without partition that covers some hours.</summary>
    public static DataFile File(string name, long records = 100) => new()
    {
        FilePath = $"mem:/data/{name}.parquet",
        RecordCount = records,
        FileSizeInBytes = records * 10,
    };

    public static ColumnMetrics Hours(DateTimeOffset first, int count) => new()
    {
        ValueCounts = Map(2, (long)count),
        NullValueCounts = Map(2, 0L),
        LowerBounds = Map(2, (ReadOnlyMemory<byte>)SingleValue.ToBytes(Literal.TimestampTz(first))),
        UpperBounds = Map(2, (ReadOnlyMemory<byte>)SingleValue.ToBytes(Literal.TimestampTz(first.AddHours(count - 1)))),
    };

    public static FieldMap<T> Map<T>(int id, T value) => new([new KeyValuePair<int, T>(id, value)]);

    public static async Task<List<string>> FilesAsync(TableScan scan)
    {
        var names = new List<string>();
        await foreach (var task in scan.PlanFilesAsync(Cancel))
        {
            names.Add(Path.GetFileNameWithoutExtension(task.File.FilePath));
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    public static async Task<List<string>> FilesAsync(IncrementalAppendScan scan)
    {
        var names = new List<string>();
        await foreach (var task in scan.PlanFilesAsync(Cancel))
        {
            names.Add(Path.GetFileNameWithoutExtension(task.File.FilePath));
        }

        return names;
    }
}
