using System.Globalization;
using PvLakehouse.Engine.DuckDb.Reading.Projection;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading.Deletes;

/// <summary>Equality deletes of some data files, and the columns by which they find rows.</summary>
/// <remarks>
/// Delete files of the same key columns become one table, which keeps for each key the youngest delete in each
/// partition: a row goes when its key has a younger delete that applies to its partition. That is the rule by which
/// planning chose the delete files, so however many there are, the rows meet one table.
/// </remarks>
internal sealed class EqualityDeletes
{
    private const string HiddenPrefix = "__key_";
    private const string Prefix = "c";
    private readonly List<KeySet> _sets = [];

    /// <exception cref="SqlEngineException">A delete file has no keys, or keys that cannot be compared.</exception>
    public EqualityDeletes(
        TableMetadata metadata, Schema schema, IReadOnlyList<ReadTarget> targets, IEnumerable<DeleteFile> files)
    {
        var groups = files.GroupBy(f => (Ids: Ids(f), Everywhere: DeleteScopes.IsEverywhere(SpecOf(metadata, f))));
        foreach (var group in groups)
        {
            var first = group.First().File;
            var keys = first.EqualityIds!.Distinct().Order().Select(id => new DeleteKeys(metadata, schema, id, first.FilePath)).ToList();
            _sets.Add(new KeySet(
                keys, [.. keys.SelectMany(k => Column(k, schema, targets, first.FilePath))], [.. group], group.Key.Everywhere));
        }

        var hidden = _sets.SelectMany(s => s.Keys).Where(k => !targets.Any(t => t.Field.Id == k.ColumnId));
        Hidden = DeleteKeys.Columns(hidden, required: false, HiddenPrefix);
    }

    /// <summary>Columns that data files must give beside those of the table.</summary>
    public IReadOnlyList<ReadTarget> Hidden { get; }

    public static PartitionSpec SpecOf(TableMetadata metadata, DeleteFile file) => metadata.FindSpec(file.File.SpecId)
        ?? throw new SqlEngineException(
            $"The delete file '{file.File.FilePath}' is of partition spec {file.File.SpecId}, which the table lacks.");

    /// <summary>Puts the keys into tables.</summary>
    public async Task<IReadOnlyList<StagedKeys>> StageAsync(
        DeleteStaging staging, TableMetadata metadata, DeleteScopes scopes, CancellationToken cancellationToken)
    {
        var staged = new List<StagedKeys>();
        foreach (var set in _sets)
        {
            var keys = set.Keys.SelectMany(k => k.Of(DeleteKeys.NameOf(Prefix, k.ColumnId)))
                .Select((value, i) => FormattableString.Invariant($"{value} AS k{i}"));
            var rows = await staging.ReadAsync(
                DeleteKeys.Columns(set.Keys, required: true, Prefix),
                [.. set.Files.Select(f => (f.File, SpecOf(metadata, f)))],
                files => SqlText.List([
                    .. keys,
                    $"{ReadCall.OfFile([.. files.Select(f => scopes.Of(f.File))], "INTEGER")} AS scope",
                    $"{ReadCall.OfFile([.. files.Select(f => Age(set, f))], "BIGINT")} AS age",
                ]),
                cancellationToken);
            var names = SqlText.List(set.Columns.Select((_, i) => FormattableString.Invariant($"k{i}")));
            var scope = set.Everywhere ? "CAST(0 AS INTEGER)" : "scope";
            var table = await staging.CreateAsync(
                $"SELECT {names}, {scope} AS scope, max(age) AS age FROM ({rows}) GROUP BY ALL", cancellationToken);
            staged.Add(new StagedKeys(table, set.Columns, set.Everywhere, set.Files.Min(f => f.SequenceNumber)));
        }

        return staged;
    }

    private static string Age(KeySet set, ReadFile file) => set.Files
        .First(f => ReferenceEquals(f.File, file.File)).SequenceNumber.ToString(CultureInfo.InvariantCulture);

    private static string Ids(DeleteFile file) => file.File.EqualityIds is { Count: > 0 } ids
        ? string.Join(',', ids.Distinct().Order())
        : throw new SqlEngineException(
            $"The delete file '{file.File.FilePath}' deletes by equality but names no columns.");

    /// <summary>SQL of a key over the columns that a data file is asked for, which may be one more for it.</summary>
    private static IReadOnlyList<string> Column(
        DeleteKeys key, Schema schema, IReadOnlyList<ReadTarget> targets, string deleteFile)
    {
        if (targets.FirstOrDefault(t => t.Field.Id == key.ColumnId) is not { } shown)
        {
            return key.Of($"t.{DeleteKeys.NameOf(HiddenPrefix, key.ColumnId)}");
        }

        return key.IsNested && schema.Find(key.FullName) is null
            ? throw new SqlEngineException(
                $"The delete file '{deleteFile}' deletes by '{key.FullName}', which is no longer "
                + "in its struct; such deletes cannot be read.")
            : key.Of($"t.{SqlText.Name(shown.Name)}");
    }

    private sealed record KeySet(
        IReadOnlyList<DeleteKeys> Keys, IReadOnlyList<string> Columns, IReadOnlyList<DeleteFile> Files,
        bool Everywhere);
}
