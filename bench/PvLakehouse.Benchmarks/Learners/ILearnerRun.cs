namespace PvLakehouse.Benchmarks.Learners;

/// <summary>A way of training and of forecasting what it was trained on.</summary>
internal interface ILearnerRun : IDisposable
{
    void Train();

    double[] Predict();
}
