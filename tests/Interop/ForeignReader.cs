using System.Reflection;
using System.Text.Json;

namespace PvLakehouse.Interop;

/// <summary>A reader of Iceberg tables that shares no code with ours, run under Node.js.</summary>
internal static class ForeignReader
{
    /// <summary>Puts a request to a reader: see npm/read.mjs.</summary>
    /// <param name="reader"><c>clickhouse</c> or <c>icebird</c>.</param>
    /// <param name="request">What to read.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public static async Task<JsonElement> AskAsync(string reader, object request, CancellationToken cancellationToken)
    {
        var npm = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(item => item.Key == "NpmFolder").Value!;
        var output = await ProcessOutput.OfAsync(
            "node", [Path.Combine(npm, "read.mjs"), reader], JsonSerializer.Serialize(request), cancellationToken);
        return JsonDocument.Parse(output).RootElement;
    }
}
