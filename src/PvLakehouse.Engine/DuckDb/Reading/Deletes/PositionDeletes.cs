using System.Globalization;
using PvLakehouse.Engine.DuckDb.Reading.Projection;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading.Deletes;

/// <summary>Deleted places of some data files, from position delete files and deletion vectors.</summary>
internal static class PositionDeletes
{
    private static readonly IReadOnlyList<ReadTarget> Targets =
    [
        new(NestedField.Mandatory(2147483546, "file_path", IcebergType.String), "file_path"),
        new(NestedField.Mandatory(2147483545, "pos", IcebergType.Long), "pos"),
    ];

    /// <summary>Puts the places into a table by the number of the file.</summary>
    /// <param name="staging">Makes the table.</param>
    /// <param name="metadata">The table that the files are of.</param>
    /// <param name="files">The data files, in the order of their numbers.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The table; null when no place is deleted.</returns>
    public static async Task<string?> StageAsync(
        DeleteStaging staging, TableMetadata metadata, IReadOnlyList<FileScanTask> files, CancellationToken cancellationToken)
    {
        List<(int File, DataFile Vector)> vectors = [.. files.Index().SelectMany(f =>
            f.Item.Deletes.Where(d => d.File.Format == FileFormat.Puffin).Select(d => (f.Index, d.File)))];
        var deletes = files.SelectMany(f => f.Deletes).Where(IsFile).DistinctBy(d => d.File.FilePath, StringComparer.Ordinal).ToList();
        if (deletes.Count == 0 && vectors.Count == 0)
        {
            return null;
        }

        var table = await staging.CreateAsync(
            deletes.Count == 0
                ? "SELECT CAST(0 AS UBIGINT) AS file, CAST(0 AS BIGINT) AS position WHERE false"
                : await PlacesAsync(staging, metadata, files, deletes, cancellationToken),
            cancellationToken);
        await staging.AddAsync(table, vectors, cancellationToken);
        return table;
    }

    /// <summary>A SELECT of the places that position delete files name.</summary>
    private static async Task<string> PlacesAsync(
        DeleteStaging staging, TableMetadata metadata, IReadOnlyList<FileScanTask> files, List<DeleteFile> deletes,
        CancellationToken cancellationToken)
    {
        var ages = deletes.ToDictionary(d => d.File.FilePath, d => Number(d.SequenceNumber), StringComparer.Ordinal);
        var rows = await staging.ReadAsync(
            Targets,
            [.. deletes.Select(d => (d.File, EqualityDeletes.SpecOf(metadata, d)))],
            read => $"file_path, pos, {ReadCall.OfFile([.. read.Select(f => ages[f.File.FilePath])], "BIGINT")} AS age",
            cancellationToken);
        var concerned = files.Index().Where(f => f.Item.Deletes.Any(IsFile)).ToList();
        return $"""
            SELECT f.file, d.pos AS position FROM ({rows}) d JOIN (
                SELECT unnest([{SqlText.List(concerned.Select(f => SqlText.Literal(f.Item.File.FilePath)))}]) AS path,
                       CAST(unnest([{SqlText.List(concerned.Select(f => Number(f.Index)))}]) AS UBIGINT) AS file,
                       CAST(unnest([{SqlText.List(concerned.Select(f => Number(f.Item.SequenceNumber)))}]) AS BIGINT) AS age
            ) f ON f.path = d.file_path AND f.age <= d.age
            """;
    }

    private static bool IsFile(DeleteFile delete) =>
        delete.File.Content == FileContent.PositionDeletes && delete.File.Format != FileFormat.Puffin;

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
