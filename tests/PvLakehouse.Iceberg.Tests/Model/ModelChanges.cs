using System.Collections.Immutable;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Model;

/// <summary>Chooses operations that make snapshots.</summary>
/// <param name="model">Makes files.</param>
/// <param name="table">The table, or the transaction, as whoever does the operation sees it.</param>
/// <param name="state">What the branch holds, seen in the same way.</param>
/// <param name="head">The snapshot that the operation begins from.</param>
/// <param name="branch">The branch.</param>
internal sealed class ModelChanges(
    ModelTable model, WritableTable table, ModelState state, Snapshot? head, string branch)
{
    private const int Kinds = 9;

    private readonly List<ModelFile> _live = [.. state.Files.Values.OrderBy(f => f.Path, StringComparer.Ordinal)];

    /// <summary>Any operation that is possible.</summary>
    public ModelChange Any(Dice dice) => dice.Next(Kinds) switch
    {
        1 => Overwrite(dice),
        2 => OverwritePartition(dice),
        3 => DeleteByFilter(dice),
        4 => DeletePositions(dice),
        5 => DeleteKeys(dice),
        6 => ReplacePartitions(dice),
        7 => Compact(dice),
        8 => RewriteManifests(dice),
        _ => null,
    } ?? Append(dice);

    /// <summary>An operation that another writer does meanwhile.</summary>
    public ModelChange Other(Dice dice) => dice.Next(6) switch
    {
        1 => Overwrite(dice),
        2 => DeleteFile(dice),
        3 => DeletePositions(dice),
        4 => DeleteKeys(dice),
        5 => Compact(dice),
        _ => null,
    } ?? Append(dice);

    /// <summary>An operation as part of a transaction.</summary>
    public ModelChange Part(Dice dice) => dice.Next(6) switch
    {
        1 => Overwrite(dice),
        2 => OverwritePartition(dice),
        3 => DeleteByFilter(dice),
        4 => DeletePositions(dice),
        5 => DeleteKeys(dice),
        _ => null,
    } ?? Append(dice);

    public ModelChange Append(Dice dice)
    {
        var files = NewFiles(dice);
        var fast = dice.OneIn(2);
        return new ModelChange(
            fast ? "fast append" : "append",
            t => (fast ? t.NewFastAppend() : t.NewAppend()).AddRange(files.Select(f => f.File)).ToBranch(branch)
                .CommitAsync(TestTable.Cancel),
            s => s.Add(files));
    }

    private ModelChange? Overwrite(Dice dice)
    {
        if (_live.Count == 0)
        {
            return null;
        }

        var (old, files) = (dice.Some(_live, 2), NewFiles(dice));
        return new ModelChange(
            "overwrite",
            t => t.NewOverwrite().RemoveRange(old.Select(f => f.File)).AddRange(files.Select(f => f.File))
                .ToBranch(branch).CommitAsync(TestTable.Cancel),
            s => Without(s, old)?.Add(files));
    }

    private ModelChange OverwritePartition(Dice dice)
    {
        var p = dice.Next(4);
        var file = model.NewFile(p, Rows(dice));
        return new ModelChange(
            "overwrite by p",
            t => t.NewOverwrite().OverwriteByFilter(Expression.Equal("p", p)).Add(file.File)
                .ValidateAddedFilesMatchOverwriteFilter().ToBranch(branch).CommitAsync(TestTable.Cancel),
            s => s.Remove(s.Files.Values.Where(f => f.Rows[0].P == p).Select(f => f.Path)).Add([file]));
    }

    private ModelChange DeleteByFilter(Dice dice)
    {
        var (byKey, n) = (dice.OneIn(2), dice.Next(6));
        return new ModelChange(
            $"delete by {(byKey ? "k" : "p")}",
            t => t.NewDelete().DeleteFromRowFilter(Expression.LessThan(byKey ? "k" : "p", n)).ToBranch(branch)
                .CommitAsync(TestTable.Cancel),
            s =>
            {
                bool Goes(ModelRow row) => (byKey ? row.K : row.P) < n;

                // Files go as a whole, whether or not rows of them were deleted before.
                return s.Files.Values.Any(f => f.Rows.Any(Goes) && !f.Rows.All(Goes))
                    ? null
                    : s.Remove(s.Files.Values.Where(f => f.Rows.All(Goes)).Select(f => f.Path));
            });
    }

    private ModelChange? DeleteFile(Dice dice)
    {
        if (_live.Count == 0)
        {
            return null;
        }

        var old = dice.Of(_live);
        return new ModelChange(
            "delete of a file",
            t => t.NewDelete().Delete(old.File).ValidateFilesExist().ToBranch(branch).CommitAsync(TestTable.Cancel),
            s => Without(s, [old]));
    }

    private ModelChange? DeletePositions(Dice dice)
    {
        if (_live.Count == 0)
        {
            return null;
        }

        // A file of deletes may be about one data file, or about several of one partition.
        var bounds = dice.Next(3);
        var first = dice.Of(_live);
        var files = bounds != 0 ? [first] : _live.Where(f =>
            f.File.SpecId == first.File.SpecId && f.File.Partition.Equals(first.File.Partition)).Take(3).ToList();
        var rows = files
            .SelectMany(f => Enumerable.Range(0, f.Rows.Length).Where(_ => dice.OneIn(2)).Select(i => (f, i)))
            .Append((first, dice.Next(first.Rows.Length))).Distinct().ToList();
        var delete = model.NewPositions([.. rows.OrderBy(r => r.Item1 != first)], bounds);
        var touched = rows.Select(r => r.Item1).Distinct().ToList();
        return new ModelChange(
            "position deletes",
            t => t.NewRowDelta().AddDeletes(delete.File).ValidateFromSnapshot(head?.SnapshotId)
                .ValidateDataFilesExist(touched.Select(f => f.Path)).ValidateDeletedFiles().ToBranch(branch)
                .CommitAsync(TestTable.Cancel),
            s => Without(s, touched) is null ? null : s.Delete(delete))
        {
            DeletesRows = true,
        };
    }

    private ModelChange DeleteKeys(Dice dice)
    {
        var keys = Enumerable.Range(0, 1 + dice.Next(3)).Select(_ => dice.Next(10)).ToImmutableHashSet();
        var delete = model.NewKeys(keys, dice.Of(table.Metadata.Specs), dice.Next(4), withMetrics: dice.OneIn(2));
        var files = dice.OneIn(2) ? NewFiles(dice) : [];
        return new ModelChange(
            "equality deletes",
            t =>
            {
                var delta = t.NewRowDelta().AddDeletes(delete.File);
                files.ForEach(f => delta.AddRows(f.File));
                return delta.ToBranch(branch).CommitAsync(TestTable.Cancel);
            },

            // Rows that come together with deletes are not deleted by them.
            s => s.Delete(delete).Add(files))
        {
            DeletesRows = true,
        };
    }

    private ModelChange ReplacePartitions(Dice dice)
    {
        var files = NewFiles(dice);
        var everything = !table.Spec.IsPartitioned;
        return new ModelChange(
            "replace partitions",
            t => t.NewReplacePartitions().AddRange(files.Select(f => f.File)).ToBranch(branch)
                .CommitAsync(TestTable.Cancel),
            s => s.Remove(s.Files.Values.Where(old => everything || files.Exists(f =>
                f.File.SpecId == old.File.SpecId && f.File.Partition.Equals(old.File.Partition))).Select(f => f.Path))
                .Add(files))
        {
            ReplacesPartitions = true,
        };
    }

    private ModelChange? Compact(Dice dice)
    {
        if (_live.Count == 0 || head is null)
        {
            return null;
        }

        var first = dice.Of(_live);
        var old = _live.Where(f => f.File.SpecId == first.File.SpecId && f.Rows[0].P == first.Rows[0].P).Take(3)
            .ToList();
        var rows = old.SelectMany(f => f.Rows).Where(r => !state.Dead.Contains(r.Id)).ToImmutableArray();
        List<ModelFile> files = rows.IsEmpty ? [] : [model.NewFile(rows, table.Metadata.FindSpec(first.File.SpecId)!)];
        var keepsAge = dice.OneIn(2);
        return new ModelChange(
            keepsAge ? "compaction that keeps ages" : "compaction",
            t =>
            {
                var rewrite = t.NewRewrite().ValidateFromSnapshot(head.SnapshotId);
                old.ForEach(f => rewrite.Remove(f.File));
                files.ForEach(f => rewrite.Add(f.File));
                return (keepsAge ? rewrite.UseStartingSequenceNumber(head.SequenceNumber) : rewrite).ToBranch(branch)
                    .CommitAsync(TestTable.Cancel);
            },
            s => Without(s, old)?.Add(files))
        {
            MindsDeletes = true,
        };
    }

    private ModelChange RewriteManifests(Dice dice)
    {
        var byPartition = dice.OneIn(2);
        return new ModelChange(
            "rewrite manifests",
            t => (byPartition
                ? t.NewRewriteManifests().ClusterBy(f => f.Partition)
                : t.NewRewriteManifests()).ToBranch(branch).CommitAsync(TestTable.Cancel),
            s => s);
    }

    /// <summary>The state without files that must be there; null when one is not.</summary>
    private static ModelState? Without(ModelState state, List<ModelFile> files) =>
        files.TrueForAll(f => state.Files.ContainsKey(f.Path)) ? state.Remove(files.Select(f => f.Path)) : null;

    private static List<(int K, int? V)> Rows(Dice dice) =>
    [
        .. Enumerable.Range(0, 1 + dice.Next(4))
            .Select(_ => (dice.Next(10), dice.OneIn(3) ? null : (int?)dice.Next(10))),
    ];

    private List<ModelFile> NewFiles(Dice dice) =>
        [.. Enumerable.Range(0, 1 + dice.Next(2)).Select(_ => model.NewFile(dice.Next(4), Rows(dice)))];
}
