namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Field ids of manifest entries (spec: "Manifests").</summary>
internal static class EntryFields
{
    public const int Status = 0;
    public const int SnapshotId = 1;
    public const int DataFile = 2;
    public const int SequenceNumber = 3;
    public const int FileSequenceNumber = 4;

    public const int FilePath = 100;
    public const int FileFormat = 101;
    public const int Partition = 102;
    public const int RecordCount = 103;
    public const int FileSize = 104;
    public const int ColumnSizes = 108;
    public const int ValueCounts = 109;
    public const int NullValueCounts = 110;
    public const int LowerBounds = 125;
    public const int UpperBounds = 128;
    public const int KeyMetadata = 131;
    public const int SplitOffsets = 132;
    public const int Content = 134;
    public const int EqualityIds = 135;
    public const int NanValueCounts = 137;
    public const int SortOrderId = 140;
    public const int FirstRowId = 142;
    public const int ReferencedDataFile = 143;
    public const int ContentOffset = 144;
    public const int ContentSize = 145;

    /// <summary>What no manifest of any version lacks.</summary>
    public static readonly (int Id, string Name)[] Required =
    [
        (Status, "status"), (DataFile, "data_file"), (FilePath, "file_path"), (FileFormat, "file_format"),
        (Partition, "partition"), (RecordCount, "record_count"), (FileSize, "file_size_in_bytes"),
    ];
}
