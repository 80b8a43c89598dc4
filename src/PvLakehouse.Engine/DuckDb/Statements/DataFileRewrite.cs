using System.Globalization;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Maintenance;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>Compaction as statements ask for it.</summary>
internal sealed class DataFileRewrite(StatementContext context, IFileGroupRewriter rewriter)
{
    private const string Options = "target-file-size-bytes, min-file-size-bytes, max-file-size-bytes, min-input-files, max-file-group-size-bytes, "
        + "delete-file-threshold, delete-ratio-threshold, rewrite-all, output-spec-id, partial-progress.enabled, partial-progress.max-commits "
        + "or use-starting-sequence-number";

    /// <summary>Spark's rewrite_data_files.</summary>
    public async Task<RewriteDataFilesResult> RunAsync(
        Table table, ProcedureArguments arguments, CancellationToken cancellationToken)
    {
        var options = new RewriteDataFilesOptions();
        foreach (var (key, value) in await arguments.MapAsync("options", cancellationToken))
        {
            options = With(options, key, value);
        }

        var strategy = (await arguments.TextAsync("strategy", cancellationToken))?.ToLowerInvariant();
        var order = await arguments.TextAsync("sort_order", cancellationToken);
        if (strategy is not (null or "binpack" or "sort") || (strategy is "binpack" && order is not null))
        {
            throw new SqlEngineException($"Strategy '{strategy}'{(order is null ? "" : " with a sort order")} is not possible; expected binpack, or sort.");
        }

        if (order is not null)
        {
            options = options with { SortOrder = SortText.Read(table.Schema, order) };
        }
        else if (strategy is "sort")
        {
            options = table.SortOrder.Fields.Count > 0
                ? options with { SortOrder = table.SortOrder }
                : throw new SqlEngineException($"Table {table.Identifier} has no sort order; say one with sort_order.");
        }

        return await RunAsync(table, options, await arguments.TextAsync("where", cancellationToken), cancellationToken);
    }

    /// <summary>Trino's optimize: puts files below a size together.</summary>
    public Task<RewriteDataFilesResult> OptimizeAsync(
        Table table, long threshold, string? where, CancellationToken cancellationToken)
    {
        // Files above the threshold stay, and one file alone has nothing to be put together with.
        var options = new RewriteDataFilesOptions
        {
            MinFileSizeBytes = threshold,
            TargetFileSizeBytes = Math.Max(threshold + 1, Writing.CopyOptions.TargetFileSize(table)),
            MaxFileSizeBytes = long.MaxValue,
            MinInputFiles = 2,
            DeleteFileThreshold = 1,
        };
        return RunAsync(table, options, where, cancellationToken);
    }

    private async Task<RewriteDataFilesResult> RunAsync(
        Table table, RewriteDataFilesOptions options, string? where, CancellationToken cancellationToken)
    {
        if (where is not null)
        {
            options = options with { Filter = await FilterAsync(table, where, cancellationToken) };
        }

        return await table.RewriteDataFiles(options).RunAsync(rewriter, cancellationToken);
    }

    /// <summary>
    /// Files that may hold rows of a condition. One that selects no files is an error rather than a rewrite of
    /// everything.
    /// </summary>
    public async Task<Expression> FilterAsync(Table table, string where, CancellationToken cancellationToken)
    {
        var name = new TableName(
            [DuckDbInstance.Catalog, .. table.Identifier.Namespace.Levels, table.Identifier.Name]);
        var target = new TargetTable(table, new Target(name, null, null));
        var filter = target.ScopeIn(await ParseAsync(target, where, cancellationToken), context.Parameters);
        return filter == Expression.True && !where.Trim().Equals("true", StringComparison.OrdinalIgnoreCase)
            ? throw new SqlEngineException(
                $"The condition '{where}' chooses no files; expected comparisons of columns with "
                + "constants.")
            : filter;
    }

    private async Task<SqlStatement> ParseAsync(TargetTable target, string where, CancellationToken cancellationToken)
    {
        try
        {
            return await context.ParseAsync($"SELECT 1 FROM {target.Reference} WHERE ({where}\n)", cancellationToken);
        }
        catch (SqlEngineException error)
        {
            throw new SqlEngineException($"The condition '{where}' is not understood: {error.Message}", error);
        }
    }

    private static RewriteDataFilesOptions With(RewriteDataFilesOptions options, string key, string value) => key switch
    {
        "target-file-size-bytes" => options with { TargetFileSizeBytes = Whole(key, value) },
        "min-file-size-bytes" => options with { MinFileSizeBytes = Whole(key, value) },
        "max-file-size-bytes" => options with { MaxFileSizeBytes = Whole(key, value) },
        "min-input-files" => options with { MinInputFiles = (int)Math.Min(int.MaxValue, Whole(key, value)) },
        "max-file-group-size-bytes" => options with { MaxFileGroupSizeBytes = Whole(key, value) },
        "delete-file-threshold" =>
            options with { DeleteFileThreshold = (int)Math.Min(int.MaxValue, Whole(key, value)) },
        "delete-ratio-threshold" => options with
        {
            DeleteRatioThreshold = double.TryParse(
                value, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio)
                ? ratio
                : throw Wrong(key, value, "a number"),
        },
        "rewrite-all" => options with { RewriteAll = Flag(key, value) },
        "output-spec-id" => options with { OutputSpecId = (int)Math.Min(int.MaxValue, Whole(key, value)) },
        "partial-progress.enabled" => options with { PartialProgress = Flag(key, value) },
        "partial-progress.max-commits" =>
            options with { PartialProgressMaxCommits = (int)Math.Min(int.MaxValue, Whole(key, value)) },
        "use-starting-sequence-number" => options with { UseStartingSequenceNumber = Flag(key, value) },
        _ => throw new SqlEngineException($"rewrite_data_files has no option '{key}'; it has {Options}."),
    };

    private static long Whole(string key, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(key, value, "a whole number");

    private static bool Flag(string key, string value) =>
        bool.TryParse(value, out var flag) ? flag : throw Wrong(key, value, "true or false");

    private static SqlEngineException Wrong(string key, string value, string expected) =>
        new($"Option '{key}' of rewrite_data_files is '{value}'; expected {expected}.");
}
