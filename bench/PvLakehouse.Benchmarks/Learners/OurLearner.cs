using System.Globalization;
using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Benchmarks.Learners;

/// <summary>A learner of the catalogue.</summary>
internal sealed class OurLearner(string name, LearnerData data) : ILearnerRun
{
    private IForecastModel? _model;

    public void Train()
    {
        var kind = LearnerCatalogue.Find(name);
        var threads = kind.Parameters.Single(parameter => parameter.Meaning.StartsWith("threads", StringComparison.Ordinal));
        var parameters = new Dictionary<string, string>
        {
            [kind.Resource!] = LearnerData.Trees.ToString(CultureInfo.InvariantCulture),
            [threads.Name] = LearnerData.Threads.ToString(CultureInfo.InvariantCulture),
        };
        _model = LearnerCatalogue.Create(new() { Learner = name, Parameters = parameters })
            .Train(data.TrainingSet, data.ValidationSet, progress: null, CancellationToken.None);
    }

    public double[] Predict() => _model!.Predict(new(data.Names, data.Training));

    public void Dispose() => _model?.Dispose();
}
