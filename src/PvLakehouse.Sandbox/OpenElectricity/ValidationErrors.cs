using System.Text.Json;
using PvLakehouse.Sandbox.Http;

namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary>Collects what the web framework finds wrong with the parameters: all of it at once, status 422.</summary>
internal sealed class ValidationErrors
{
    private readonly List<Action<Utf8JsonWriter>> _errors = [];

    /// <summary>Whether nothing is wrong.</summary>
    public bool None => _errors.Count == 0;

    /// <summary>A parameter that must be there is not.</summary>
    public void Missing(string parameter) => Add("missing", parameter, index: null, "Field required", json => json.WriteNull("input"));

    /// <summary>A value is none of the allowed ones.</summary>
    public void NotOneOf(string parameter, int? index, string input, IReadOnlyList<string> allowed)
    {
        var quoted = allowed.Select(value => $"'{value}'").ToArray();
        var expected = quoted.Length == 1 ? quoted[0] : $"{string.Join(", ", quoted[..^1])} or {quoted[^1]}";
        Add("enum", parameter, index, $"Input should be {expected}", json =>
        {
            json.WriteString("input", input);
            json.WriteStartObject("ctx");
            json.WriteString("expected", expected);
            json.WriteEndObject();
        });
    }

    /// <summary>A list is longer than allowed.</summary>
    public void TooLong(string parameter, IReadOnlyList<string> input, int most) =>
        Add("too_long", parameter, index: null, $"List should have at most {most} items after validation, not {input.Count}", json =>
        {
            json.WriteStartArray("input");
            foreach (var item in input)
            {
                json.WriteStringValue(item);
            }

            json.WriteEndArray();
            json.WriteStartObject("ctx");
            json.WriteString("field_type", "List");
            json.WriteNumber("max_length", most);
            json.WriteNumber("actual_length", input.Count);
            json.WriteEndObject();
        });

    /// <summary>A text is no date.</summary>
    public void NotADate(string parameter, string input, string problem) =>
        Add("datetime_from_date_parsing", parameter, index: null, $"Input should be a valid datetime or date, {problem}", json =>
        {
            json.WriteString("input", input);
            json.WriteStartObject("ctx");
            json.WriteString("error", problem);
            json.WriteEndObject();
        });

    /// <summary>The framework's body.</summary>
    public Reply ToReply() => new BufferedReply(422, Reply.Json, JsonText.Build(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("detail");
        foreach (var error in _errors)
        {
            error(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }));

    private void Add(string type, string parameter, int? index, string message, Action<Utf8JsonWriter> rest) => _errors.Add(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteStartArray("loc");
        json.WriteStringValue("query");
        json.WriteStringValue(parameter);
        if (index is { } position)
        {
            json.WriteNumberValue(position);
        }

        json.WriteEndArray();
        json.WriteString("msg", message);
        rest(json);
        json.WriteEndObject();
    });
}
