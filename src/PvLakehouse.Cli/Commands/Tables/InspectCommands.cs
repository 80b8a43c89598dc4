using System.CommandLine;
using PvLakehouse.Cli.Output;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Inspect;

namespace PvLakehouse.Cli.Commands.Tables;

/// <summary>
/// Commands that show metadata tables. They print what people ask for most; SQL on <c>"table$files"</c> and its kin
/// shows every column.
/// </summary>
internal static class InspectCommands
{
    public static IReadOnlyList<string> History { get; } =
        ["made_current_at", "snapshot_id", "parent_id", "is_current_ancestor"];

    public static IReadOnlyList<string> Snapshots { get; } =
        ["committed_at", "snapshot_id", "parent_id", "operation", "summary"];

    public static IReadOnlyList<string> Files { get; } =
        ["content", "file_path", "partition", "record_count", "file_size_in_bytes", "sort_order_id"];

    public static IReadOnlyList<string> Manifests { get; } =
    [
        "content", "path", "length", "partition_spec_id", "added_snapshot_id", "added_data_files_count",
            "existing_data_files_count",
        "deleted_data_files_count", "added_delete_files_count", "existing_delete_files_count",
            "deleted_delete_files_count",
    ];

    public static IReadOnlyList<string> Partitions { get; } =
    [
        "partition", "record_count", "file_count", "total_data_file_size_in_bytes", "position_delete_file_count",
        "equality_delete_file_count", "last_updated_at",
    ];

    public static IReadOnlyList<string> Refs { get; } =
        ["name", "type", "snapshot_id", "max_reference_age_in_ms", "min_snapshots_to_keep", "max_snapshot_age_in_ms"];

    /// <param name="name">The metadata table, and the command.</param>
    /// <param name="description">What it lists.</param>
    /// <param name="columns">The columns to print; those that a table lacks are left out.</param>
    public static Command Build(string name, string description, IReadOnlyList<string> columns)
    {
        var metadataTable = MetadataTable.Find(name)!;
        var table = TableOptions.Table();
        var snapshot = TableOptions.Snapshot("Show the table at this snapshot.");
        var reference = new Option<string?>(
            "--ref") { Description = "Show the table at this branch or tag.", HelpName = "NAME" };
        var command = new Command(name, description) { table };
        if (metadataTable.IsOfOneSnapshot)
        {
            command.Options.Add(snapshot);
            command.Options.Add(reference);
        }

        return command.Does(async (line, cancellationToken) =>
        {
            await using var lake = await TableOptions.OpenAsync(line, toRead: true, cancellationToken);
            var loaded = await TableOptions.LoadAsync(lake, line.GetValue(table)!, cancellationToken);
            var at = metadataTable.IsOfOneSnapshot
                ? SnapshotOf(loaded, line.GetValue(snapshot), line.GetValue(reference)) : null;
            var all = metadataTable.SchemaOf(loaded.Metadata).Columns.Select(c => c.Name).ToList();
            var shown = columns.Where(all.Contains).ToList();
            var positions = shown.ConvertAll(c => all.IndexOf(c));
            await new ResultPrinter(line.GetValue(CommonOptions.Format), Console.Out).PrintAsync(
                shown,
                metadataTable.ReadAsync(loaded, at, cancellationToken).Select(
                    row => positions.ConvertAll(p => row[p]).ToArray()),
                cancellationToken);
            return 0;
        });
    }

    /// <exception cref="LakeException">There is no such snapshot, branch or tag, or both are given.</exception>
    private static long? SnapshotOf(Table table, long? snapshotId, string? reference) => (snapshotId, reference) switch
    {
        (null, null) => null,
        ({ } id, null) => table.Metadata.FindSnapshot(id)?.SnapshotId
            ?? throw new LakeException($"Table {table.Identifier} has no snapshot {id}, or no longer."),
        (null, { } name) => table.Metadata.FindRef(name)?.SnapshotId
            ?? throw new LakeException(
                $"Table {table.Identifier} has no branch or tag '{name}'; it has {RefNames(table)}."),
        _ => throw new LakeException(
            "A table is shown at a snapshot or at a branch or tag; give --snapshot or --ref, not both."),
    };

    public static string RefNames(Table table) => table.Metadata.Refs.Count == 0
        ? "none"
        : string.Join(", ", table.Metadata.Refs.Keys.Order(StringComparer.Ordinal));
}
