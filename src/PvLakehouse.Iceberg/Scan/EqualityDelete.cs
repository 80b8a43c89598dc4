using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Scan;

/// <summary>A file of deleted keys, with the columns that make the key.</summary>
internal sealed class EqualityDelete
{
    private readonly (SchemaField Field, ColumnRange Deleted)[] _keys;

    private EqualityDelete(DeleteFile file, (SchemaField, ColumnRange)[] keys)
    {
        File = file;
        _keys = keys;
    }

    public DeleteFile File { get; }

    /// <exception cref="IcebergFormatException">The key has no columns, or one that no schema of the table ever had.</exception>
    public static EqualityDelete Of(DeleteFile delete, TableMetadata table)
    {
        var file = delete.File;
        if (file.EqualityIds is not { Count: > 0 } ids)
        {
            throw new IcebergFormatException("The equality delete file does not name its key columns: equality_ids is missing.", file.FilePath);
        }

        // Columns of the key may have been dropped since; the deletes hold all the same.
        var fields = ids.Select(id => table.FindField(id) ?? throw new IcebergFormatException(
            $"The equality delete file has the key column {id}, which no schema of the table has.", file.FilePath));
        return new(delete, [.. fields.Where(f => f.Type is PrimitiveType).Select(f => (f, ColumnRange.Of(f, file.Metrics)))]);
    }

    /// <summary>Whether a row of the data file may equal a deleted key, by what is known of both; null equals null.</summary>
    public bool MayApplyTo(DataFile data)
    {
        foreach (var (field, deleted) in _keys)
        {
            if (!MayShareValue(deleted, ColumnRange.Of(field, data.Metrics)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool MayShareValue(ColumnRange left, ColumnRange right) =>
        (left.MayBeNull && right.MayBeNull)
        || (left.MayBeNaN && right.MayBeNaN)
        || (left.MayBeValue && right.MayBeValue && !(left.Lower > right.Upper) && !(right.Lower > left.Upper));
}
