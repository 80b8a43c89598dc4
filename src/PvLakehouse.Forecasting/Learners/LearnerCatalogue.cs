using PvLakehouse.Forecasting.Learners.LightGbm;
using PvLakehouse.Forecasting.Learners.RandomForest;
using PvLakehouse.Forecasting.Learners.Ridge;
using PvLakehouse.Forecasting.Learners.Xgboost;

namespace PvLakehouse.Forecasting.Learners;

/// <summary>The learners that there are, and the models that they have saved.</summary>
public static class LearnerCatalogue
{
    /// <summary>All kinds, the usual first choice first.</summary>
    public static IReadOnlyList<LearnerKind> All { get; } =
        [LightGbmLearner.Kind, XgboostLearner.Kind, RandomForestLearner.Kind, RidgeLearner.Kind];

    /// <summary>The kind of that name.</summary>
    /// <exception cref="ForecastingException">There is none of that name.</exception>
    public static LearnerKind Find(string name) => All.FirstOrDefault(kind => kind.Name == name)
        ?? throw new ForecastingException($"There is no learner '{name}'; there are {string.Join(", ", All.Select(kind => kind.Name))}.");

    /// <summary>Makes a learner.</summary>
    /// <exception cref="ForecastingException">
    /// The learner or a parameter is unknown, a value is out of its range, the objective is one that it cannot learn, or its native library
    /// is not there.
    /// </exception>
    public static ILearner Create(LearnerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Find(settings.Learner).Create(settings);
    }

    /// <summary>Reads a model that was saved here or, where Python has the library, there.</summary>
    /// <param name="flavor">The <see cref="ModelFormat.Flavor"/> of its format.</param>
    /// <param name="content">The file.</param>
    /// <exception cref="ForecastingException">
    /// The flavor is unknown, the content is no such model, or its native library is not there.
    /// </exception>
    public static IForecastModel Load(string flavor, ReadOnlySpan<byte> content) => flavor switch
    {
        ModelFormat.LightGbm => LightGbmModel.Load(content),
        ModelFormat.Xgboost => XgboostModel.Load(content),
        ModelFormat.Pvlake => PvlakeModel.Load(content),
        _ => throw new ForecastingException(
            $"There is no model flavor '{flavor}'; there are {ModelFormat.LightGbm}, {ModelFormat.Xgboost} and {ModelFormat.Pvlake}."),
    };
}
