using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>The SELECT that reads some data files as rows of a schema.</summary>
/// <remarks>
/// Columns are found by field id, so that renamed and reordered columns of old files are right; columns that a file
/// lacks are null. Fields inside structs are found by name: DuckDB maps only top-level columns by id.
/// </remarks>
internal static class TableSql
{
    /// <summary>Virtual column of <see cref="Files"/>: the place of the row's file in the list, from 0.</summary>
    public const string FileColumn = "file_index";

    /// <summary>Virtual column of <see cref="Files"/>: the place of the row in its file, from 0.</summary>
    public const string PositionColumn = "file_row_number";

    /// <summary>All columns of the schema from the files; an empty relation of the same types when there is no file.</summary>
    /// <exception cref="SqlEngineException">A file is not Parquet.</exception>
    public static string Rows(Schema schema, IReadOnlyCollection<FileScanTask> files) => files.Count == 0
        ? Empty(schema)
        : $"SELECT {Columns(schema)} FROM {Files(schema, files)}";

    /// <summary>The call of DuckDB's table function over one file or more.</summary>
    public static string Files(Schema schema, IReadOnlyCollection<FileScanTask> files)
    {
        var foreign = files.FirstOrDefault(f => f.File.Format != FileFormat.Parquet);
        if (foreign is not null)
        {
            throw new SqlEngineException(
                $"The data file '{foreign.File.FilePath}' is {foreign.File.Format}, but only Parquet can be read; rewrite the table as Parquet.");
        }

        var paths = SqlText.List(files.Select(f => SqlText.Literal(LocalFileIO.PathOf(f.File.FilePath))));
        var columns = SqlText.List(schema.Columns.Select(c => FormattableString.Invariant(
            $"{c.Id}: {{name: {SqlText.Literal(c.Name)}, type: {SqlText.Literal(DuckDbTypes.Of(c.Type))}, default_value: NULL}}")));
        return $"read_parquet([{paths}], schema = MAP {{{columns}}})";
    }

    public static string Empty(Schema schema) =>
        $"SELECT {SqlText.List(schema.Columns.Select(c => $"CAST(NULL AS {DuckDbTypes.Of(c.Type)}) AS {SqlText.Name(c.Name)}"))} WHERE false";

    public static string Columns(Schema schema) => SqlText.List(schema.Columns.Select(c => SqlText.Name(c.Name)));
}
