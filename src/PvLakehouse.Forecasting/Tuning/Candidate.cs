using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Forecasting.Tuning;

/// <summary>A candidate of a search and how it fared.</summary>
/// <param name="Number">Its number; 1 is what the learner does unasked.</param>
/// <param name="Settings">What it is.</param>
public sealed record Candidate(int Number, LearnerSettings Settings)
{
    /// <summary>Errors by rung, as shares of AC capacity; one on each rung that it climbed.</summary>
    public IReadOnlyList<double> Errors { get; init; } = [];

    /// <summary>The better of candidates: who climbed higher, then who errs less there, then who was drawn first.</summary>
    internal static IEnumerable<Candidate> Ranked(IEnumerable<Candidate> candidates) => candidates
        .OrderByDescending(candidate => candidate.Errors.Count)
        .ThenBy(candidate => candidate.Errors.Count > 0 ? candidate.Errors[^1] : 0)
        .ThenBy(candidate => candidate.Number);
}
