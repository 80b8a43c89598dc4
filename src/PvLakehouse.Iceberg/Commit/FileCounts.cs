using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Counts files that come or go, of a whole commit or of one partition.</summary>
internal sealed class FileCounts
{
    private readonly Side _added = new();
    private readonly Side _removed = new();

    public bool AddsData => _added.DataFiles > 0;

    public bool AddsDeletes => _added.DeleteFiles > 0;

    public bool RemovesData => _removed.DataFiles > 0;

    public bool RemovesDeletes => _removed.DeleteFiles > 0;

    /// <summary>Rows of added data files.</summary>
    public long AddedRecords => _added.Records;

    /// <summary>Rows of removed data files.</summary>
    public long RemovedRecords => _removed.Records;

    public void Add(DataFile file) => _added.Count(file);

    public void Remove(DataFile file) => _removed.Count(file);

    /// <summary>What came and went, by summary key; what is zero is left out.</summary>
    public IEnumerable<KeyValuePair<string, long>> Changes() => new (string Key, long Value)[]
    {
        (SummaryKeys.AddedFilesSize, _added.Size),
        (SummaryKeys.RemovedFilesSize, _removed.Size),
        (SummaryKeys.AddedDataFiles, _added.DataFiles),
        (SummaryKeys.DeletedDataFiles, _removed.DataFiles),
        (SummaryKeys.AddedEqualityDeleteFiles, _added.EqualityDeleteFiles),
        (SummaryKeys.RemovedEqualityDeleteFiles, _removed.EqualityDeleteFiles),
        (SummaryKeys.AddedPositionDeleteFiles, _added.PositionDeleteFiles),
        (SummaryKeys.RemovedPositionDeleteFiles, _removed.PositionDeleteFiles),
        (SummaryKeys.AddedDeleteFiles, _added.DeleteFiles),
        (SummaryKeys.RemovedDeleteFiles, _removed.DeleteFiles),
        (SummaryKeys.AddedRecords, _added.Records),
        (SummaryKeys.DeletedRecords, _removed.Records),
        (SummaryKeys.AddedPositionDeletes, _added.PositionDeletes),
        (SummaryKeys.RemovedPositionDeletes, _removed.PositionDeletes),
        (SummaryKeys.AddedEqualityDeletes, _added.EqualityDeletes),
        (SummaryKeys.RemovedEqualityDeletes, _removed.EqualityDeletes),
        (SummaryKeys.AddedDeletionVectors, _added.DeletionVectors),
        (SummaryKeys.RemovedDeletionVectors, _removed.DeletionVectors),
    }.Where(c => c.Value != 0).Select(c => KeyValuePair.Create(c.Key, c.Value));

    /// <summary>How much each total changes.</summary>
    public IEnumerable<KeyValuePair<string, long>> TotalChanges() =>
    [
        KeyValuePair.Create(SummaryKeys.TotalRecords, _added.Records - _removed.Records),
        KeyValuePair.Create(SummaryKeys.TotalFilesSize, _added.Size - _removed.Size),
        KeyValuePair.Create(SummaryKeys.TotalDataFiles, _added.DataFiles - _removed.DataFiles),
        KeyValuePair.Create(SummaryKeys.TotalDeleteFiles, _added.DeleteFiles - _removed.DeleteFiles),
        KeyValuePair.Create(SummaryKeys.TotalPositionDeletes, _added.PositionDeletes - _removed.PositionDeletes),
        KeyValuePair.Create(SummaryKeys.TotalEqualityDeletes, _added.EqualityDeletes - _removed.EqualityDeletes),
    ];

    private sealed class Side
    {
        public long Size { get; private set; }

        public long DataFiles { get; private set; }

        public long Records { get; private set; }

        public long PositionDeleteFiles { get; private set; }

        public long PositionDeletes { get; private set; }

        public long EqualityDeleteFiles { get; private set; }

        public long EqualityDeletes { get; private set; }

        public long DeletionVectors { get; private set; }

        public long DeleteFiles => PositionDeleteFiles + EqualityDeleteFiles + DeletionVectors;

        public void Count(DataFile file)
        {
            // A deletion vector is part of a file that others share.
            Size += file.ContentSizeInBytes ?? file.FileSizeInBytes;
            switch (file.Content)
            {
                case FileContent.Data:
                    DataFiles++;
                    Records += file.RecordCount;
                    break;
                case FileContent.EqualityDeletes:
                    EqualityDeleteFiles++;
                    EqualityDeletes += file.RecordCount;
                    break;
                default:
                    PositionDeletes += file.RecordCount;
                    if (file.Format == FileFormat.Puffin)
                    {
                        DeletionVectors++;
                    }
                    else
                    {
                        PositionDeleteFiles++;
                    }

                    break;
            }
        }
    }
}
