using System.Text;
using System.Text.Json.Nodes;
using PvLakehouse.Forecasting.Tracking.Mlflow.Wire;

namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <summary>Cuts a batch into pieces that a server takes: parameters first, since only they can be refused for what was logged
/// before.</summary>
/// <remarks>Limits of <c>runs/log-batch</c>: 1000 metrics, 100 parameters, 100 tags, 1000 of all, 1 MB.</remarks>
internal static class BatchPieces
{
    private const int MostMetrics = 1000;
    private const int MostTexts = 100;

    /// <summary>Largest piece [bytes], with room for what JSON adds.</summary>
    private const int MostBytes = 800_000;

    /// <summary>Space for the names and numbers of one item [bytes].</summary>
    private const int Frame = 120;

    public static IEnumerable<JsonObject> Of(string runId, RunBatch batch)
    {
        var pieces = Cut(batch.Params, MostTexts, SizeOf).Select(p => Piece("params", MlflowJson.Pairs(p)))
            .Concat(Cut(batch.Tags, MostTexts, SizeOf).Select(t => Piece("tags", MlflowJson.Pairs(t))))
            .Concat(Cut(batch.Metrics, MostMetrics, m => SizeOf(m.Key)).Select(m => Piece("metrics", [.. m.Select(MetricOf)])));
        return pieces;

        JsonObject Piece(string kind, JsonArray items) => new() { ["run_id"] = runId, [kind] = items };
    }

    private static JsonObject MetricOf(Metric metric) => new()
    {
        ["key"] = metric.Key,
        ["value"] = MlflowJson.Number(metric.Value),
        ["timestamp"] = metric.Timestamp.ToUnixTimeMilliseconds(),
        ["step"] = metric.Step,
    };

    private static IEnumerable<List<T>> Cut<T>(IEnumerable<T> items, int most, Func<T, int> sizeOf)
    {
        var (piece, bytes) = (new List<T>(), 0);
        foreach (var item in items)
        {
            var size = sizeOf(item);
            if (piece.Count == most || (piece.Count > 0 && bytes + size > MostBytes))
            {
                yield return piece;
                (piece, bytes) = ([], 0);
            }

            piece.Add(item);
            bytes += size;
        }

        if (piece.Count > 0)
        {
            yield return piece;
        }
    }

    private static int SizeOf(KeyValuePair<string, string> pair) => SizeOf(pair.Key) + SizeOf(pair.Value);

    /// <summary>JSON writes what is not plain ASCII in six characters each.</summary>
    private static int SizeOf(string text) => Frame + (Ascii.IsValid(text) ? text.Length : 6 * text.Length);
}
