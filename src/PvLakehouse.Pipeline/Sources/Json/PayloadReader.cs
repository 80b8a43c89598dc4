using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PvLakehouse.Pipeline.Sources.Drift;

namespace PvLakehouse.Pipeline.Sources.Json;

/// <summary>Reads a body forwards with typed expectations; whatever breaks one is reported with its JSON
/// path.</summary>
internal ref struct PayloadReader
{
    private const int LongestSample = 200;

    private readonly ReadOnlySpan<byte> _json;
    private readonly BodyDrift? _drift;
    private Utf8JsonReader _reader;

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="drift">Where departures from the contract are noted that leave the rest readable; null refuses them.</param>
    public PayloadReader(ReadOnlySpan<byte> body, BodyDrift? drift = null)
    {
        _drift = drift;
        _json = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        _reader = new Utf8JsonReader(_json);
    }

    public readonly JsonTokenType Token => _reader.TokenType;

    /// <summary>Steps to the next token.</summary>
    public void Next()
    {
        try
        {
            if (_reader.Read())
            {
                return;
            }
        }
        catch (JsonException exception)
        {
            throw new PayloadFormatException(
                JsonPath.At(_json, _reader.BytesConsumed), "valid JSON", $"a fault ({exception.Message})", exception);
        }

        throw new PayloadFormatException(JsonPath.At(_json, _json.Length), "more", "the end of the body");
    }

    /// <summary>Steps into an array, which the next token must start.</summary>
    public void StartArray(string expected)
    {
        Next();
        Require(JsonTokenType.StartArray, expected);
    }

    /// <summary>Steps into an object, which the next token must start.</summary>
    public void StartObject(string expected)
    {
        Next();
        Require(JsonTokenType.StartObject, expected);
    }

    /// <summary>The current token must be of this type.</summary>
    public readonly void Require(JsonTokenType type, string expected)
    {
        if (_reader.TokenType != type)
        {
            throw Wrong(expected);
        }
    }

    /// <summary>Inside an object: steps to the next key, or to its end and false.</summary>
    public bool NextKey()
    {
        Next();
        return _reader.TokenType != JsonTokenType.EndObject;
    }

    /// <summary>Inside an array: steps to the next element, or to its end and false.</summary>
    public bool NextElement()
    {
        Next();
        return _reader.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>Whether the current key, or text, is this one.</summary>
    public readonly bool Is(ReadOnlySpan<byte> utf8) => _reader.ValueTextEquals(utf8);

    /// <summary>Whether the current text is this one.</summary>
    public readonly bool Is(string text) => _reader.ValueTextEquals(text);

    /// <summary>The current key.</summary>
    public readonly string Key() => Decode();

    /// <summary>Steps over the value of the current key.</summary>
    public void Skip()
    {
        Next();
        SkipCurrent();
    }

    private void SkipCurrent()
    {
        if (_reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            var depth = _reader.CurrentDepth;
            do
            {
                Next();
            }
            while (_reader.CurrentDepth > depth);
        }
    }

    /// <summary>Steps over the value of the current key, and notes it when it is not among the known ones that nobody needs.</summary>
    /// <param name="parent">Path of the object, for example $.data[].</param>
    /// <param name="known">Keys that the contract has and nobody reads.</param>
    public void SkipUnknown(string parent, IReadOnlyList<string> known)
    {
        var key = Key();
        var path = $"{parent}.{key}";
        if (_drift is null || known.Contains(key) || _drift.Has(path, DriftKind.Unknown))
        {
            Skip();
            return;
        }

        Next();
        var found = Kind();
        _drift.Add(path, DriftKind.Unknown, "", found, Sample());
    }

    /// <summary>Steps to a number or null; what is neither is noted and null.</summary>
    public double? NumberOrDrift(string expected, string path)
    {
        Next();
        return CurrentNumberOrDrift(expected, path);
    }

    /// <summary>The current number or null; what is neither is noted and null.</summary>
    public double? CurrentNumberOrDrift(string expected, string path)
    {
        if (_reader.TokenType is JsonTokenType.Number or JsonTokenType.Null
            && (_reader.TokenType == JsonTokenType.Null || (_reader.TryGetDouble(out var finite) && double.IsFinite(finite))))
        {
            return CurrentNumberOrNull(expected);
        }

        Retyped(expected, path);
        return null;
    }

    /// <summary>Steps to a text or null; what is neither is noted and null.</summary>
    public string? TextOrDrift(string expected, string path)
    {
        Next();
        if (_reader.TokenType is JsonTokenType.String or JsonTokenType.Null)
        {
            return CurrentTextOrNull(expected);
        }

        Retyped(expected, path);
        return null;
    }

    /// <summary>Notes that the current value is not what it should be, and steps over it.</summary>
    /// <exception cref="PayloadFormatException">Departures are refused.</exception>
    public void Retyped(string expected, string path)
    {
        if (_drift is null)
        {
            throw Wrong(expected);
        }

        if (_drift.Has(path, DriftKind.Retyped))
        {
            SkipCurrent();
            return;
        }

        var found = Describe();
        _drift.Add(path, DriftKind.Retyped, expected, found, Sample());
    }

    /// <summary>Notes a value that was read and makes no sense; false when departures are refused.</summary>
    public readonly bool Note(string path, DriftKind kind, string expected, string found)
    {
        _drift?.Add(path, kind, expected, found, kind == DriftKind.Missing ? null : found);
        return _drift is not null;
    }

    /// <summary>Steps to a text.</summary>
    public string Text(string expected) => TextOrNull(expected) ?? throw Wrong(expected);

    /// <summary>Steps to a text or null.</summary>
    public string? TextOrNull(string expected)
    {
        Next();
        return CurrentTextOrNull(expected);
    }

    /// <summary>The current text or null.</summary>
    public readonly string? CurrentTextOrNull(string expected) => _reader.TokenType switch
    {
        JsonTokenType.String => Decode(),
        JsonTokenType.Null => null,
        _ => throw Wrong(expected),
    };

    /// <summary>Steps to a number or null.</summary>
    public double? NumberOrNull(string expected)
    {
        Next();
        return CurrentNumberOrNull(expected);
    }

    /// <summary>The current number or null.</summary>
    public readonly double? CurrentNumberOrNull(string expected)
    {
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetDouble(out var number) && double.IsFinite(number))
        {
            return number;
        }

        return _reader.TokenType == JsonTokenType.Null ? null : throw Wrong(expected);
    }

    /// <summary>Steps to true or false.</summary>
    public bool Flag(string expected)
    {
        Next();
        return _reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => throw Wrong(expected),
        };
    }

    /// <summary>The bytes of the current text when they need no unescaping, else a copy without escapes.</summary>
    public readonly ReadOnlySpan<byte> CurrentUtf8(string expected)
    {
        Require(JsonTokenType.String, expected);
        return _reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(Decode()) : _reader.ValueSpan;
    }

    /// <summary>The fault to throw when the current token is not what it should be.</summary>
    public readonly PayloadFormatException Wrong(string expected) =>
        new(JsonPath.At(_json, _reader.TokenStartIndex), expected, Describe());

    /// <summary>The fault to throw at the end of an object or array whose content does not fit together.</summary>
    /// <param name="expected">What the contract says.</param>
    /// <param name="found">What was found instead.</param>
    /// <param name="below">Path from the object to the content, for example ".hourly.time".</param>
    public readonly PayloadFormatException Broken(string expected, string found, string below = "") =>
        new(JsonPath.At(_json, _reader.TokenStartIndex) + below, expected, found);

    /// <summary>The fault to throw at the end of an object that lacks a key.</summary>
    public readonly PayloadFormatException Missing(string key) => Broken($"a key '{key}'", "none");

    /// <summary>Checks that a required value was seen before the current object ended.</summary>
    [return: NotNull]
    public readonly T Required<T>(T? value, string key)
        where T : class => value ?? throw Missing(key);

    /// <summary>The current value as it is written, shortened; steps over it.</summary>
    private string Sample()
    {
        var start = (int)_reader.TokenStartIndex;
        SkipCurrent();
        var length = (int)_reader.BytesConsumed - start;
        var text = Encoding.UTF8.GetString(_json.Slice(start, Math.Min(length, LongestSample)));
        return length <= LongestSample ? text : text + "...";
    }

    private readonly string Kind() => _reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };

    private readonly string Decode()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new PayloadFormatException(
                JsonPath.At(_json, _reader.TokenStartIndex), "UTF-8 text", "bytes that are none", exception);
        }
    }

    private readonly string Describe()
    {
        const int longest = 60;
        var text = _reader.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.EndObject => "the end of an object",
            JsonTokenType.EndArray => "the end of an array",
            JsonTokenType.Null => "null",
            JsonTokenType.String => $"the text '{Decode()}'",
            JsonTokenType.PropertyName => $"the key '{Decode()}'",
            _ => Encoding.UTF8.GetString(_reader.ValueSpan),
        };
        return text.Length <= longest
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text[..longest]}... ({text.Length} characters)");
    }
}
