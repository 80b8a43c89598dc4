namespace PvLakehouse.Forecasting.Learners;

/// <summary>Remembers the step with the least metric on the validation rows, and says when waiting for a better one is over.</summary>
/// <param name="patience">Steps without a better one after which learning ends; 0 to never end.</param>
internal sealed class BestStep(int patience)
{
    private double _least = double.PositiveInfinity;

    /// <summary>The best step; 0 before the first.</summary>
    public int Step { get; private set; }

    /// <summary>Takes note of a step.</summary>
    /// <returns>Whether to go on.</returns>
    public bool GoesOn(int step, double metric)
    {
        if (metric < _least)
        {
            (_least, Step) = (metric, step);
        }

        return patience == 0 || step - Step < patience;
    }
}
