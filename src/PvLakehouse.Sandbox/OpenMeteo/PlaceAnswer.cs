using PvLakehouse.Sandbox.Data;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>The answer for one place.</summary>
/// <param name="Place">The question.</param>
/// <param name="Cell">The grid cell that answers.</param>
/// <param name="Models">The columns of each model, in the order asked for.</param>
internal sealed record PlaceAnswer(WeatherPlace Place, GridCell Cell, IReadOnlyList<(WeatherModel Model, IReadOnlyList<AnswerColumn> Columns)> Models)
{
    /// <summary>The columns of all models, variable by variable.</summary>
    public IEnumerable<AnswerColumn> Columns =>
        Enumerable.Range(0, Models[0].Columns.Count).SelectMany(_ => Models, (variable, model) => model.Columns[variable]);
}
