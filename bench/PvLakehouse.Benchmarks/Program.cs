using System.Globalization;
using PvLakehouse.Benchmarks;

// bench/run [NAME ...] [--rounds N]
// bench/run prepare NAME FOLDER, then bench/run measure-once NAME KIND FOLDER: one measurement in a folder that stays, to look closer
IBenchmark[] all =
[
    RebuildBenchmark.OfDemo, RebuildBenchmark.OfFleet, new MergeBenchmark(), new DeletesBenchmark(), new PlanningBenchmark(), new CommitsBenchmark(), new DailyBenchmark(), new QualityBenchmark(),
    new LearnersBenchmark(),
];
if (args is [BenchmarkRun.Child or BenchmarkRun.Preparation, var name, var kind, var scratch])
{
    var chosen = all.First(b => b.Name.Equals(name, StringComparison.Ordinal));
    await (args[0] == BenchmarkRun.Preparation && chosen is IPreparesRounds prepares
        ? prepares.PrepareRoundAsync(kind, scratch, CancellationToken.None)
        : BenchmarkRun.MeasureOnceAsync(chosen, kind, scratch, CancellationToken.None));
    return 0;
}

if (args is ["prepare", var subject, var folder])
{
    await all.First(b => b.Name.Equals(subject, StringComparison.Ordinal)).PrepareAsync(folder, CancellationToken.None);
    return 0;
}

var rounds = args is [.., "--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 5;
var names = args.TakeWhile(a => a != "--rounds").ToList();
var unknown = names.Find(n => !all.Any(b => b.Name.Equals(n, StringComparison.Ordinal)));
if (unknown is not null)
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'; there are {string.Join(", ", all.Select(b => b.Name))}.");
    return 1;
}

foreach (var benchmark in all.Where(b => names.Count == 0 || names.Contains(b.Name, StringComparer.Ordinal)))
{
    await BenchmarkRun.RunAsync(benchmark, rounds, CancellationToken.None);
    Console.WriteLine();
}

return 0;
