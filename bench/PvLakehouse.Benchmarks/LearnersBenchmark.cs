using System.Globalization;
using PvLakehouse.Benchmarks.Learners;
using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Benchmarks;

/// <summary>Training and forecasting with 140,000 rows of 60 features: two years of hours of eight farms.</summary>
/// <remarks>
/// The reference makes the same calls of the same native library without our learners: no checks, no progress, no model taken over from its
/// file. Both give the same forecasts, or the report fails.
/// </remarks>
internal sealed class LearnersBenchmark : IBenchmark
{
    private const string Native = "native ";
    private const string Error = "rmse";
    private static readonly string[] Learned =
        [.. new[] { "lightgbm", "xgboost" }.Where(name => LearnerCatalogue.Find(name).Unavailability is null)];

    public string Name => "learners";

    public IReadOnlyList<string> Kinds => [.. Learned.SelectMany(name => new[] { name, Native + name })];

    public Task PrepareAsync(string scratch, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<Figure>> MeasureAsync(string kind, string scratch, CancellationToken cancellationToken)
    {
        var data = LearnerData.Make();
        ILearnerRun run = kind switch
        {
            Native + "lightgbm" => new NativeLightGbm(data),
            Native + "xgboost" => new NativeXgboost(data),
            _ => new OurLearner(kind, data),
        };
        using (run)
        {
            var training = Stopwatches.Seconds(run.Train);
            var forecast = Array.Empty<double>();
            var first = Stopwatches.Seconds(() => forecast = run.Predict());
            var later = Enumerable.Range(0, 3).Select(_ => Stopwatches.Seconds(() => forecast = run.Predict())).Order().ElementAt(1);
            return Task.FromResult<IReadOnlyList<Figure>>(
                [new("training [s]", training), new("first forecast [s]", first), new("later forecast [s]", later),
                    new(Error, data.ErrorOf(forecast))]);
        }
    }

    public void Report(IReadOnlyDictionary<string, IReadOnlyList<Measured>> runs, TextWriter to)
    {
        foreach (var name in Learned)
        {
            var (ours, native) = (runs[name], runs[Native + name]);
            if (ours.Concat(native).Select(run => run[Error]).Distinct().Count() != 1)
            {
                throw new InvalidOperationException($"The runs of {name} differ in their forecasts; expected the same error of all.");
            }

            var work = $"{LearnerData.Trees} trees of {name}, {LearnerData.Rows:N0} rows of {LearnerData.Columns} features";
            to.WriteLine($"| {work} | learner | native library | ratio |");
            to.WriteLine("|---|---:|---:|---:|");
            foreach (var figure in ours[0].Figures.Where(figure => figure.Name != Error))
            {
                to.WriteLine(BenchmarkRun.Compare(figure.Name, BenchmarkRun.Median(ours, figure.Name),
                    BenchmarkRun.Median(native, figure.Name)));
            }

            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{name}: rmse {ours[0][Error]:R} in all runs\n"));
        }
    }
}
