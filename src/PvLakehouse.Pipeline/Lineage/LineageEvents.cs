using System.Globalization;
using System.Text.Json.Nodes;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Documentation;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Lineage;

/// <summary>Tells a lineage server of every stage: OpenLineage run events of specification 2-0-2.</summary>
/// <remarks>
/// What cannot be delivered is noted once and then let be: lineage tells of the work, it does not hold it up. Inputs come
/// from the models, columns from the contracts.
/// </remarks>
/// <param name="sink">Takes the events.</param>
/// <param name="clock">Dates the events.</param>
/// <param name="note">Told one sentence when events are lost.</param>
public sealed class LineageEvents(ILineageSink sink, TimeProvider clock, Action<string> note)
{
    /// <summary>The namespace of jobs and datasets.</summary>
    public const string Namespace = "pvlake";

    private const string Spec = "https://openlineage.io/spec";

    private static readonly string Producer =
        $"urn:pvlake:{typeof(LineageEvents).Assembly.GetName().Version?.ToString(3)}";

    private readonly Guid _parent = Guid.CreateVersion7(clock.GetUtcNow());
    private bool _lost;

    /// <summary>Runs a stage between its events.</summary>
    /// <param name="dataset">Name of the stage.</param>
    /// <param name="stage">The work; what it throws is passed on.</param>
    public async Task<StageResult> RunAsync(string dataset, Func<Task<StageResult>> stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        var run = Guid.CreateVersion7(clock.GetUtcNow());
        await SendAsync(Event("START", dataset, run, result: null, error: null));
        try
        {
            var result = await stage();
            await SendAsync(Event(result.Failure is null ? "COMPLETE" : "FAIL", dataset, run, result, result.Failure));
            return result;
        }
        catch (OperationCanceledException)
        {
            await SendAsync(Event("ABORT", dataset, run, result: null, error: null));
            throw;
        }
        catch (Exception fault)
        {
            await SendAsync(Event("FAIL", dataset, run, result: null, fault.Message));
            throw;
        }
    }

    private async Task SendAsync(JsonObject runEvent)
    {
        if (_lost)
        {
            return;
        }

        try
        {
            await sink.SendAsync(runEvent, CancellationToken.None);
        }
        catch (IOException fault)
        {
            _lost = true;
            note($"Lineage events do not reach {sink.Name}, and the rest of this command sends none: {fault.Message}");
        }
    }

    private JsonObject Event(string type, string dataset, Guid run, StageResult? result, string? error)
    {
        var table = Datasets.Contracts.FirstOrDefault(contract => Datasets.NameOf(contract) == dataset);
        var runFacets = new JsonObject
        {
            ["parent"] = Facet("1-0-1", "ParentRunFacet", new()
            {
                ["run"] = new JsonObject { ["runId"] = _parent.ToString() },
                ["job"] = new JsonObject { ["namespace"] = Namespace, ["name"] = "pvlake" },
            }),
        };
        if (error is not null)
        {
            runFacets["errorMessage"] = Facet(
                "1-0-1", "ErrorMessageRunFacet", new() { ["message"] = error, ["programmingLanguage"] = "C#" });
        }

        return new JsonObject
        {
            ["eventType"] = type,
            ["eventTime"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture),
            ["producer"] = Producer,
            ["schemaURL"] = $"{Spec}/2-0-2/OpenLineage.json#/$defs/RunEvent",
            ["run"] = new JsonObject { ["runId"] = run.ToString(), ["facets"] = runFacets },
            ["job"] = new JsonObject { ["namespace"] = Namespace, ["name"] = table?.ToString() ?? dataset },
            ["inputs"] = new JsonArray([.. table is null ? [] : Inputs(table)]),
            ["outputs"] = new JsonArray([.. table is null ? [] : (JsonNode[])[Output(table, result)]]),
        };
    }

    private static IEnumerable<JsonNode> Inputs(TableContract table) =>
        TableLineage.ReadsFrom(table).Select(Dataset).Concat(table.Sources.Select(source => Named(source)));

    private static JsonObject Output(TableContract table, StageResult? result)
    {
        var output = Dataset(table);
        if (result is not null)
        {
            output["outputFacets"] = new JsonObject
            {
                ["outputStatistics"] = Facet("1-0-2", "OutputStatisticsOutputDatasetFacet",
                    new() { ["rowCount"] = result.RowsInserted + result.RowsUpdated }),
            };
        }

        if (result?.SnapshotId is { } snapshot)
        {
            output["facets"]!["version"] = Facet(
                "1-0-1", "DatasetVersionDatasetFacet", new() { ["datasetVersion"] = snapshot.ToString(CultureInfo.InvariantCulture) });
        }

        return output;
    }

    private static JsonObject Dataset(TableContract table)
    {
        var dataset = Named(table.ToString());
        dataset["facets"] = new JsonObject
        {
            ["schema"] = Facet("1-1-1", "SchemaDatasetFacet", new()
            {
                ["fields"] = new JsonArray([.. table.Columns.Select(column => new JsonObject
                {
                    ["name"] = column.Name,
                    ["type"] = column.Type,
                    ["description"] = column.Unit.Length == 0 ? column.Meaning : $"{column.Meaning} [{column.Unit}]",
                })]),
            }),
        };
        return dataset;
    }

    private static JsonObject Named(string name) => new() { ["namespace"] = Namespace, ["name"] = name };

    private static JsonObject Facet(string version, string name, JsonObject content)
    {
        content["_producer"] = Producer;
        content["_schemaURL"] = $"{Spec}/facets/{version}/{name}.json#/$defs/{name}";
        return content;
    }
}
