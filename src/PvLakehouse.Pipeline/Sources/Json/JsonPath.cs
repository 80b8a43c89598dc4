using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PvLakehouse.Pipeline.Sources.Json;

/// <summary>Finds the path of a byte in a JSON text, by reading it again: only needed once something is
/// wrong.</summary>
internal static class JsonPath
{
    /// <summary>The path of the token that starts at, or last before, an offset.</summary>
    public static string At(ReadOnlySpan<byte> json, long offset)
    {
        var reader = new Utf8JsonReader(json, isFinalBlock: false, state: default);
        var steps = new List<Step>();
        try
        {
            while (reader.Read() && reader.TokenStartIndex <= offset)
            {
                var isHere = reader.TokenStartIndex == offset;
                Follow(ref reader, steps, isHere);
                if (isHere)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The damage itself (broken JSON, or a key that is no UTF-8) ends the walk; the path so far leads to it.
        }

        return Print(steps);
    }

    private static void Follow(ref Utf8JsonReader reader, List<Step> steps, bool isHere)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                steps[^1] = new(IsArray: false, 0, reader.GetString());
                break;
            case JsonTokenType.EndArray or JsonTokenType.EndObject:
                if (isHere)
                {
                    // The container as a whole is meant, not its last element.
                    steps[^1] = new(IsArray: false, 0, null);
                }
                else
                {
                    steps.RemoveAt(steps.Count - 1);
                }

                break;
            default:
                if (steps is [.., { IsArray: true } array])
                {
                    steps[^1] = array with { Index = array.Index + 1 };
                }

                if (!isHere && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                {
                    steps.Add(new(reader.TokenType == JsonTokenType.StartArray, -1, null));
                }

                break;
        }
    }

    private static string Print(List<Step> steps)
    {
        var path = new StringBuilder("$");
        foreach (var step in steps)
        {
            if (step.IsArray)
            {
                path.Append(CultureInfo.InvariantCulture, $"[{Math.Max(step.Index, 0)}]");
            }
            else if (step.Name is { } name)
            {
                path.Append('.').Append(name);
            }
        }

        return path.ToString();
    }

    /// <summary>An open array with the index of its current element, or an open object with its current key.</summary>
    private readonly record struct Step(bool IsArray, int Index, string? Name);
}
