using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PvLakehouse.Forecasting.Registry;

/// <summary>YAML whose texts are always quoted, so that no reader takes one for a number, a date or a truth value.</summary>
internal static class Yaml
{
    public static YamlNode Text(string text) => new YamlScalarNode(text) { Style = ScalarStyle.SingleQuoted };

    public static YamlNode Number(long number) =>
        new YamlScalarNode(number.ToString(CultureInfo.InvariantCulture)) { Style = ScalarStyle.Plain };

    public static YamlNode Null() => new YamlScalarNode("null") { Style = ScalarStyle.Plain };

    public static YamlNode List(params IEnumerable<YamlNode> items) => new YamlSequenceNode(items);

    public static YamlMappingNode Map(params IEnumerable<(string Key, YamlNode Value)> entries) =>
        new(entries.Select(e => KeyValuePair.Create<YamlNode, YamlNode>(new YamlScalarNode(e.Key), e.Value)));

    /// <summary>A map of texts, whose keys are quoted too: to Python's reader a plain <c>on</c> is a truth value.</summary>
    public static YamlMappingNode Texts(IEnumerable<KeyValuePair<string, string>> texts) =>
        new(texts.Select(t => KeyValuePair.Create(Text(t.Key), Text(t.Value))));

    /// <summary>The document as text.</summary>
    public static string Write(YamlMappingNode root)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);
        return text.ToString();
    }

    /// <summary>Reads the map that a document is.</summary>
    /// <exception cref="Tracking.TrackingException">It is no YAML, or no map.</exception>
    public static YamlMappingNode Read(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: YamlMappingNode root }]
                ? root
                : throw ModelFlavor.Unreadable("it is no map of keys and values");
        }
        catch (YamlException e)
        {
            throw ModelFlavor.Unreadable($"it is no YAML ({e.Message.TrimEnd('.')})", e);
        }
    }

    /// <summary>The map under a key; null when there is none.</summary>
    public static YamlMappingNode? MapAt(this YamlMappingNode map, string key) => NodeAt(map, key) as YamlMappingNode;

    /// <summary>The text under a key; null when there is none.</summary>
    public static string? TextAt(this YamlMappingNode map, string key) =>
        NodeAt(map, key) is YamlScalarNode { Value: { } text } scalar
            && (scalar.Style != ScalarStyle.Plain || text is not ("null" or "~" or ""))
            ? text
            : null;

    private static YamlNode? NodeAt(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;
}
