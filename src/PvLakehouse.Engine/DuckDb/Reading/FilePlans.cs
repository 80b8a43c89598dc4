using PvLakehouse.Engine.DuckDb.Reading.Projection;
using PvLakehouse.Engine.DuckDb.Reading.Shapes;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>Plans how files give columns, looking into as few footers as the table allows.</summary>
internal sealed class FilePlans(DuckDbStatements duckDb, FileShapes shapes)
{
    /// <summary>The plan of each file, in their order.</summary>
    /// <param name="planner">What is wanted.</param>
    /// <param name="files">The files.</param>
    /// <param name="writers">
    /// For each file something that is equal for files of one writer, which all have field ids or none; null looks at every file.
    /// </param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SqlEngineException">A file cannot be read as the table asks.</exception>
    public async Task<IReadOnlyList<FilePlan>> PlanAsync(
        FilePlanner planner, IReadOnlyList<ReadFile> files, IReadOnlyList<long>? writers, CancellationToken cancellationToken)
    {
        var everywhere = writers is null || planner.NeedsEveryShape;
        var looked = new Dictionary<int, FileShape>();
        if (everywhere)
        {
            await LookAsync(files, files.Index().Select(f => f.Index), looked, cancellationToken);
        }
        else
        {
            // One file of each writer tells its habits: whether it gives ids and whether it leaves out columns of the partition.
            var seen = new HashSet<long>();
            var first = files.Index().Where(f => seen.Add(writers![f.Index]) || planner.NeedsShape(f.Item.File, f.Item.Spec));
            await LookAsync(files, first.Select(f => f.Index), looked, cancellationToken);
            var special = looked.Where(l => planner.IsSpecial(l.Value, files[l.Key].Spec)).Select(l => writers![l.Key]).ToHashSet();
            await LookAsync(
                files, files.Index().Where(f => special.Contains(writers![f.Index])).Select(f => f.Index), looked, cancellationToken);
        }

        // Most files are alike: one plan for each shape and spec is enough.
        var plans = new Dictionary<(FileShape, int), FilePlan>();
        var result = new List<FilePlan>(files.Count);
        foreach (var (index, file) in files.Index())
        {
            if (!looked.TryGetValue(index, out var shape) || (!everywhere && !planner.IsSpecial(shape, file.Spec)))
            {
                result.Add(planner.ById);
                continue;
            }

            if (!plans.TryGetValue((shape, file.File.SpecId), out var plan))
            {
                plans.Add((shape, file.File.SpecId), plan = planner.For(file.File, file.Spec, shape));
            }

            result.Add(plan);
        }

        return result;
    }

    /// <summary>What DuckDB cannot read is refused before anything is read.</summary>
    /// <exception cref="SqlEngineException">A file is not Parquet.</exception>
    public static void CheckFormat(DataFile file)
    {
        if (file.Format != FileFormat.Parquet)
        {
            var what = file.Content == FileContent.Data ? "data file" : "delete file";
            throw new SqlEngineException(
                $"The {what} '{file.FilePath}' is {file.Format}, but only Parquet can be read; rewrite the table as Parquet.");
        }
    }

    private async Task LookAsync(
        IReadOnlyList<ReadFile> files, IEnumerable<int> wanted, Dictionary<int, FileShape> looked, CancellationToken cancellationToken)
    {
        var indexes = wanted.Where(i => !looked.ContainsKey(i)).ToList();
        if (indexes.Count == 0)
        {
            return;
        }

        var found = await shapes.ReadAsync(duckDb, [.. indexes.Select(i => (files[i].File.FilePath, files[i].Path))], cancellationToken);
        foreach (var (index, shape) in indexes.Zip(found))
        {
            looked[index] = shape;
        }
    }
}
