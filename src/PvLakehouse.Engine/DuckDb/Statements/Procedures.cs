using System.Globalization;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>CALL with Spark's procedures, their argument names and result columns; and Trino's ALTER TABLE ... EXECUTE.</summary>
internal sealed class Procedures(StatementContext context, IFileGroupRewriter rewriter, TimeProvider time)
{
    private const string Known = "expire_snapshots, rewrite_data_files, rewrite_manifests, remove_orphan_files, rollback_to_snapshot, "
        + "rollback_to_timestamp, set_current_snapshot, cherrypick_snapshot, fast_forward, ancestors_of or register_table";

    public Task<SqlResult> CallAsync(CallStatement call, CancellationToken cancellationToken) => call.Procedure switch
    {
        "expire_snapshots" => ExpireAsync(Arguments(
            call, "table", "older_than", "retain_last", "max_concurrent_deletes", "stream_results", "snapshot_ids",
            "clean_expired_metadata"), cancellationToken),
        "rewrite_data_files" => RewriteDataFilesAsync(Arguments(call, "table", "strategy", "sort_order", "options", "where"), cancellationToken),
        "rewrite_manifests" => RewriteManifestsAsync(Arguments(call, "table", "use_caching", "spec_id"), cancellationToken),
        "remove_orphan_files" => RemoveOrphansAsync(Arguments(
            call, "table", "older_than", "location", "dry_run", "max_concurrent_deletes", "equal_schemes", "equal_authorities", "prefix_mismatch_mode"), cancellationToken),
        "rollback_to_snapshot" => RollbackAsync(Arguments(call, "table", "snapshot_id"), cancellationToken),
        "rollback_to_timestamp" => RollbackToTimeAsync(Arguments(call, "table", "timestamp"), cancellationToken),
        "set_current_snapshot" => SetCurrentAsync(Arguments(call, "table", "snapshot_id", "ref"), cancellationToken),
        "cherrypick_snapshot" => CherrypickAsync(Arguments(call, "table", "snapshot_id"), cancellationToken),
        "fast_forward" => FastForwardAsync(Arguments(call, "table", "branch", "to"), cancellationToken),
        "ancestors_of" => AncestorsAsync(Arguments(call, "table", "snapshot_id"), cancellationToken),
        "register_table" => RegisterAsync(Arguments(call, "table", "metadata_file"), cancellationToken),
        _ => throw new SqlEngineException($"There is no procedure iceberg.system.{call.Procedure}; expected {Known}."),
    };

    /// <summary>Trino's spelling of maintenance.</summary>
    public async Task<SqlResult> ExecuteAsync(Table table, AlterAction.Execute execute, CancellationToken cancellationToken)
    {
        if (execute.Where is not null && execute.Procedure is not "optimize")
        {
            throw new SqlEngineException($"{execute.Procedure} takes no WHERE; only optimize does.");
        }

        switch (execute.Procedure)
        {
            case "optimize":
                var optimize = Arguments(execute, "file_size_threshold");
                var threshold = await optimize.SizeAsync("file_size_threshold", cancellationToken) ?? 100L * 1024 * 1024;
                return DataFiles(await new DataFileRewrite(context, rewriter).OptimizeAsync(table, threshold, execute.Where, cancellationToken));
            case "expire_snapshots":
                var expire = Arguments(execute, "retention_threshold", "retain_last");
                return Expired(await Expire(
                    table,
                    Before(await expire.SpanAsync("retention_threshold", cancellationToken) ?? TimeSpan.FromDays(7)),
                    await expire.WholeAsync("retain_last", cancellationToken)).RunAsync(cancellationToken));
            case "remove_orphan_files":
                var orphans = Arguments(execute, "retention_threshold");
                var age = await orphans.SpanAsync("retention_threshold", cancellationToken) ?? TimeSpan.FromDays(7);
                return Orphans((await table.RemoveOrphanFiles().OlderThan(Before(age)).RunAsync(cancellationToken)).Removed.Select(f => f.Location));
            case "optimize_manifests":
                _ = Arguments(execute);
                return await RewriteManifestsAsync(table, cancellationToken);
            case "rollback_to_snapshot":
                var rollback = Arguments(execute, "snapshot_id");
                return await RollbackAsync(table, await rollback.WholeAsync("snapshot_id", cancellationToken) ?? throw rollback.Missing("snapshot_id"), cancellationToken);
            default:
                throw new SqlEngineException(
                    $"There is no procedure {execute.Procedure} to execute on a table; expected optimize, optimize_manifests, expire_snapshots, remove_orphan_files or rollback_to_snapshot.");
        }
    }

    private static async Task<SqlResult> ExpireAsync(ProcedureArguments arguments, CancellationToken cancellationToken)
    {
        var expire = Expire(
            await arguments.TableAsync(cancellationToken),
            await arguments.InstantAsync("older_than", cancellationToken),
            await arguments.WholeAsync("retain_last", cancellationToken));
        foreach (var id in await arguments.WholesAsync("snapshot_ids", cancellationToken))
        {
            expire = expire.Snapshot(id);
        }

        if (await arguments.FlagAsync("clean_expired_metadata", cancellationToken) is true)
        {
            expire = expire.CleanExpiredMetadata();
        }

        return Expired(await expire.RunAsync(cancellationToken));
    }

    private async Task<SqlResult> RewriteDataFilesAsync(ProcedureArguments arguments, CancellationToken cancellationToken)
    {
        var table = await arguments.TableAsync(cancellationToken);
        return DataFiles(await new DataFileRewrite(context, rewriter).RunAsync(table, arguments, cancellationToken));
    }

    private static async Task<SqlResult> RewriteManifestsAsync(ProcedureArguments arguments, CancellationToken cancellationToken)
    {
        var table = await arguments.TableAsync(cancellationToken);
        if (await arguments.WholeAsync("spec_id", cancellationToken) is { } spec && spec != table.Spec.SpecId)
        {
            throw new SqlEngineException($"Argument 'spec_id' of rewrite_manifests is {spec}; expected the current partition spec of {table.Identifier}, {table.Spec.SpecId}.");
        }

        return await RewriteManifestsAsync(table, cancellationToken);
    }

    private static async Task<SqlResult> RewriteManifestsAsync(Table table, CancellationToken cancellationToken)
    {
        var (rewritten, added) = (0L, 0L);
        if (table.CurrentSnapshot is not null)
        {
            var specId = table.Spec.SpecId;
            var snapshot = await table.NewRewriteManifests().RewriteIf(m => m.SpecId == specId).CommitAsync(cancellationToken);
            rewritten = Count(snapshot, SummaryKeys.ManifestsReplaced);
            added = Count(snapshot, SummaryKeys.ManifestsCreated);
        }

        return StatementResult.Of(Integers("rewritten_manifests_count", "added_manifests_count"), [[rewritten, added]]);
    }

    private static async Task<SqlResult> RemoveOrphansAsync(ProcedureArguments arguments, CancellationToken cancellationToken)
    {
        var remove = (await arguments.TableAsync(cancellationToken)).RemoveOrphanFiles();
        if (await arguments.InstantAsync("older_than", cancellationToken) is { } instant)
        {
            remove = remove.OlderThan(instant);
        }

        if (await arguments.TextAsync("location", cancellationToken) is { } location)
        {
            remove = remove.Location(location);
        }

        foreach (var (schemes, one) in await arguments.MapAsync("equal_schemes", cancellationToken))
        {
            remove = remove.EqualSchemes(one, schemes.Split(',', StringSplitOptions.TrimEntries));
        }

        foreach (var (authorities, one) in await arguments.MapAsync("equal_authorities", cancellationToken))
        {
            remove = remove.EqualAuthorities(one, authorities.Split(',', StringSplitOptions.TrimEntries));
        }

        if (await arguments.TextAsync("prefix_mismatch_mode", cancellationToken) is { } mode)
        {
            remove = remove.OnPrefixMismatch(Enum.TryParse<PrefixMismatch>(mode, ignoreCase: true, out var known) && !char.IsAsciiDigit(mode[0])
                ? known
                : throw new SqlEngineException($"Argument 'prefix_mismatch_mode' of remove_orphan_files is '{mode}'; expected {string.Join(", ", Enum.GetNames<PrefixMismatch>()).ToLowerInvariant()}."));
        }

        var files = await arguments.FlagAsync("dry_run", cancellationToken) is true
            ? await remove.PlanAsync(cancellationToken)
            : (await remove.RunAsync(cancellationToken)).Removed;
        return Orphans(files.Select(f => f.Location));
    }

    private static async Task<SqlResult> RollbackAsync(ProcedureArguments arguments, CancellationToken cancellationToken)
    {
        var table = await arguments.TableAsync(cancellationToken);
        var id = await arguments.WholeAsync("snapshot_id", cancellationToken) ?? throw arguments.Missing("snapshot_id");
        return await RollbackAsync(table, id, cancellationToken);
    }

    /// <summary>Back to an ancestor only: anything else would be no rollback.</summary>
    private static async Task<SqlResult> RollbackAsync(Table table, long id, CancellationToken cancellationToken)
    {
        if (table.CurrentSnapshot is not { } current || table.Metadata.Ancestors(current.SnapshotId).All(s => s.SnapshotId != id))
        {
            throw new SqlEngineException(string.Create(CultureInfo.InvariantCulture,
                $"Snapshot {id} is not among the ancestors of the current snapshot of {table.Identifier}, so it cannot be rolled back to it; set_current_snapshot can."));
        }

        return await MoveAsync(table, id, cancellationToken);
    }

    private static async Task<SqlResult> RollbackToTimeAsync(ProcedureArguments arguments, CancellationToken cancellationToken)
    {
        var table = await arguments.TableAsync(cancellationToken);
        var instant = await arguments.InstantAsync("timestamp", cancellationToken) ?? throw arguments.Missing("timestamp");
        var snapshot = table.CurrentSnapshot is { } current
            ? table.Metadata.Ancestors(current.SnapshotId).FirstOrDefault(s => s.Timestamp < instant)
            : null;
        return await MoveAsync(table, snapshot?.SnapshotId ?? throw new SqlEngineException(string.Create(CultureInfo.InvariantCulture,
            $"Table {table.Identifier} has no snapshot from before {instant.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}Z among the ancestors of the current one.")), cancellationToken);
    }

    private static async Task<SqlResult> SetCurrentAsync(ProcedureArguments arguments, CancellationToken cancellationToken)
    {
        var table = await arguments.TableAsync(cancellationToken);
        if (arguments.Has("snapshot_id") == arguments.Has("ref"))
        {
            throw new SqlEngineException("set_current_snapshot needs either 'snapshot_id' or 'ref'.");
        }

        if (await arguments.TextAsync("ref", cancellationToken) is { } name)
        {
            return await MoveAsync(table, Ref(table, name), cancellationToken);
        }

        return await MoveAsync(table, await arguments.WholeAsync("snapshot_id", cancellationToken) ?? throw arguments.Missing("snapshot_id"), cancellationToken);
    }

    private static async Task<SqlResult> CherrypickAsync(ProcedureArguments arguments, CancellationToken cancellationToken)
    {
        var table = await arguments.TableAsync(cancellationToken);
        var id = await arguments.WholeAsync("snapshot_id", cancellationToken) ?? throw arguments.Missing("snapshot_id");
        await table.ManageSnapshots().Cherrypick(id).CommitAsync(cancellationToken);
        return StatementResult.Of(Integers("source_snapshot_id", "current_snapshot_id"), [[id, table.CurrentSnapshot?.SnapshotId]]);
    }

    private static async Task<SqlResult> FastForwardAsync(ProcedureArguments arguments, CancellationToken cancellationToken)
    {
        var table = await arguments.TableAsync(cancellationToken);
        var branch = await arguments.TextAsync("branch", cancellationToken) ?? throw arguments.Missing("branch");
        var to = await arguments.TextAsync("to", cancellationToken) ?? throw arguments.Missing("to");
        long? before = table.Metadata.Refs.TryGetValue(branch, out var reference) ? reference.SnapshotId : null;
        _ = Ref(table, to);
        await table.UpdateAsync(b => b.FastForward(branch, to), cancellationToken);
        return StatementResult.Of(
            [new SqlColumn("branch_updated", "VARCHAR"), .. Integers("previous_ref", "updated_ref")], [[branch, before, Ref(table, branch)]]);
    }

    private static async Task<SqlResult> AncestorsAsync(ProcedureArguments arguments, CancellationToken cancellationToken)
    {
        var table = await arguments.TableAsync(cancellationToken);
        var start = await arguments.WholeAsync("snapshot_id", cancellationToken) ?? table.CurrentSnapshot?.SnapshotId;
        IReadOnlyList<object?[]> rows = start is { } id
            ? [.. table.Metadata.Ancestors(id).Select(s => new object?[] { s.SnapshotId, s.TimestampMs })]
            : [];
        return StatementResult.Of(Integers("snapshot_id", "timestamp"), rows);
    }

    private async Task<SqlResult> RegisterAsync(ProcedureArguments arguments, CancellationToken cancellationToken)
    {
        var mention = TargetTable.MentionOf(await arguments.TableNameAsync(cancellationToken));
        var file = await arguments.TextAsync("metadata_file", cancellationToken) ?? throw arguments.Missing("metadata_file");
        var table = await context.Tables.Catalog.RegisterTableAsync(
            new TableIdentifier(Namespace.Parse(mention.Namespace), mention.Name), file, cancellationToken);
        var snapshot = table.CurrentSnapshot;
        return StatementResult.Of(
            Integers("current_snapshot_id", "total_records_count", "total_data_files_count"),
            [[snapshot?.SnapshotId, Total(snapshot, "total-records"), Total(snapshot, SummaryKeys.TotalDataFiles)]]);
    }

    private static async Task<SqlResult> MoveAsync(Table table, long snapshotId, CancellationToken cancellationToken)
    {
        var before = table.CurrentSnapshot?.SnapshotId;
        await table.UpdateAsync(b => b.SetBranch(SnapshotRef.Main, snapshotId), cancellationToken);
        return StatementResult.Of(Integers("previous_snapshot_id", "current_snapshot_id"), [[before, snapshotId]]);
    }

    private static ExpireSnapshots Expire(Table table, DateTimeOffset? olderThan, long? retainLast)
    {
        var expire = table.ExpireSnapshots();
        expire = olderThan is { } instant ? expire.OlderThan(instant) : expire;
        return retainLast is { } number ? expire.RetainLast((int)Math.Clamp(number, 0, int.MaxValue)) : expire;
    }

    private static SqlResult Expired(ExpireSnapshotsResult result) => StatementResult.Of(
        Integers("deleted_data_files_count", "deleted_position_delete_files_count", "deleted_equality_delete_files_count",
            "deleted_manifest_files_count", "deleted_manifest_lists_count", "deleted_statistics_files_count"),
        [[
            result.Files.DataFiles, result.Files.PositionDeleteFiles, result.Files.EqualityDeleteFiles, result.Files.Manifests,
            result.Files.ManifestLists, result.Files.StatisticsFiles,
        ]]);

    private static SqlResult DataFiles(RewriteDataFilesResult result) => StatementResult.Of(
        Integers("rewritten_data_files_count", "added_data_files_count", "rewritten_bytes_count", "failed_data_files_count", "removed_delete_files_count"),
        [[
            result.RewrittenDataFilesCount, result.AddedDataFilesCount, result.RewrittenBytesCount, result.FailedDataFilesCount,
            result.RemovedDeleteFilesCount,
        ]]);

    private static SqlResult Orphans(IEnumerable<string> locations) =>
        StatementResult.Of([new SqlColumn("orphan_file_location", "VARCHAR")], [.. locations.Select(l => new object?[] { l })]);

    private ProcedureArguments Arguments(CallStatement call, params IReadOnlyList<string> names) => new(context, call.Procedure, call.Arguments, names);

    private ProcedureArguments Arguments(AlterAction.Execute execute, params IReadOnlyList<string> names) =>
        new(context, execute.Procedure, execute.Arguments, names);

    private DateTimeOffset Before(TimeSpan age) => time.GetUtcNow() - age;

    private static long Ref(Table table, string name) => table.Metadata.FindRef(name)?.SnapshotId ?? throw new SqlEngineException(
        $"Table {table.Identifier} has no branch or tag '{name}'; it has {(table.Metadata.Refs.Count == 0 ? "none" : string.Join(", ", table.Metadata.Refs.Keys))}.");

    private static SqlColumn[] Integers(params ReadOnlySpan<string> names)
    {
        var columns = new SqlColumn[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            columns[i] = new SqlColumn(names[i], "BIGINT");
        }

        return columns;
    }

    private static long Count(Snapshot snapshot, string key) => Total(snapshot, key) ?? 0;

    private static long? Total(Snapshot? snapshot, string key) =>
        snapshot is not null && snapshot.Summary.TryGetValue(key, out var text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
