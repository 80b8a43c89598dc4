using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>The parameters of a request: from its address, and from the body of a POST, a form or JSON.</summary>
internal sealed class WeatherParameters
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    /// <summary>Reads a request.</summary>
    /// <exception cref="OpenMeteoError">The body is neither a form nor a JSON object of texts, numbers and lists of them.</exception>
    public static async Task<WeatherParameters> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var parameters = new WeatherParameters();
        parameters.Add(request.Query);
        if (!HttpMethods.IsPost(request.Method))
        {
            return parameters;
        }

        if (request.HasFormContentType)
        {
            parameters.Add(await request.ReadFormAsync(cancellationToken));
        }
        else if (request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0)
        {
            await parameters.AddJsonAsync(request.Body, cancellationToken);
        }

        return parameters;
    }

    /// <summary>Whether a parameter is given and not empty.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The items of a list, comma separated or repeated.</summary>
    public IReadOnlyList<string> List(string name) => _values.GetValueOrDefault(name, []);

    /// <summary>A single text, or null; of a repeated parameter the last one counts.</summary>
    public string? Text(string name) => _values.TryGetValue(name, out var values) ? values[^1] : null;

    /// <summary>A whole number, or null.</summary>
    /// <exception cref="OpenMeteoError">The text is no whole number.</exception>
    public int? Integer(string name) => Text(name) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw OpenMeteoError.Invalid("Int", text),
    };

    /// <summary>A list of numbers.</summary>
    /// <exception cref="OpenMeteoError">A text is no number.</exception>
    public double[] Numbers(string name) =>
    [
        .. List(name).Select(text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? number
                : throw OpenMeteoError.Invalid("Float", text)),
    ];

    private void Add(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> pairs)
    {
        foreach (var (name, values) in pairs)
        {
            foreach (var value in values)
            {
                Add(name, value ?? "");
            }
        }
    }

    private void Add(string name, string value)
    {
        var items = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (items.Length == 0)
        {
            return;
        }

        // As PHP clients write lists: latitude[]=1&latitude[]=2.
        name = name.EndsWith("[]", StringComparison.Ordinal) ? name[..^2] : name;
        if (!_values.TryGetValue(name, out var known))
        {
            _values.Add(name, known = []);
        }

        known.AddRange(items);
    }

    private async Task AddJsonAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(body, default, cancellationToken);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw OpenMeteoError.BadRequest("Data corrupted at path ''. Expected a JSON object of parameters.");
            }

            foreach (var property in json.RootElement.EnumerateObject())
            {
                Add(property);
            }
        }
        catch (JsonException)
        {
            throw OpenMeteoError.BadRequest("Data corrupted at path ''. The given data was not valid JSON.");
        }
    }

    private void Add(JsonProperty property)
    {
        foreach (var item in property.Value.ValueKind == JsonValueKind.Array ? [.. property.Value.EnumerateArray()] : new[] { property.Value })
        {
            switch (item.ValueKind)
            {
                case JsonValueKind.String:
                    Add(property.Name, item.GetString()!);
                    break;
                case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                    Add(property.Name, item.GetRawText());
                    break;
                case JsonValueKind.Null:
                    break;
                default:
                    throw OpenMeteoError.BadRequest($"Value at path '{property.Name}' was not of type 'String'.");
            }
        }
    }
}
