namespace PvLakehouse.Forecasting.Learners;

/// <summary>A dial of a learner, named as its library names it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it does, in a few words.</param>
/// <param name="Default">The value when none is given.</param>
/// <param name="Allowed">What it can be.</param>
/// <param name="Search">Where a search looks; null when a search leaves it alone.</param>
public sealed record HyperParameter(string Name, string Meaning, string Default, ParameterRange Allowed, ParameterRange? Search = null);
