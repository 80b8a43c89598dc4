using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql.Parsing;

/// <summary>Properties in Spark's spelling (<c>TBLPROPERTIES ('a.b' = 'c')</c>) and in Trino's (<c>WITH (partitioning = ARRAY['day(ts)'])</c>).</summary>
internal static class PropertyParser
{
    private const string TrinoNames = "partitioning, sorted_by, location, format, format_version, compression_codec, extra_properties or a quoted "
        + "name with dots such as \"write.target-file-size-bytes\"";

    /// <summary>Spark's list in parentheses.</summary>
    public static IReadOnlyDictionary<string, string> Spark(TokenReader reader)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        reader.Expect("(");
        do
        {
            var at = reader.Current;
            var key = SparkKey(reader);
            _ = reader.Take("=");
            if (!properties.TryAdd(key, Text(reader)))
            {
                throw SqlSyntax.Error(reader.Sql, at.Start, $"property '{key}' is set twice.");
            }
        }
        while (reader.Take(","));
        reader.Expect(")");
        return properties;
    }

    /// <summary>Spark's list of keys in parentheses.</summary>
    public static IReadOnlyList<string> SparkKeys(TokenReader reader)
    {
        reader.Expect("(");
        var keys = new List<string>();
        do
        {
            keys.Add(SparkKey(reader));
        }
        while (reader.Take(","));
        reader.Expect(")");
        return keys;
    }

    /// <summary>Trino's list, without parentheses. DEFAULT in place of a value gives null: back to what a table has without it.</summary>
    public static IReadOnlyList<TrinoProperty> Trino(TokenReader reader)
    {
        var properties = new List<TrinoProperty>();
        do
        {
            var at = reader.Current;
            var name = string.Join('.', reader.Path("the name of a property"));
            if (properties.Exists(p => p.Name.Equals(name, StringComparison.Ordinal)))
            {
                throw SqlSyntax.Error(reader.Sql, at.Start, $"property '{name}' is set twice.");
            }

            reader.Expect("=");
            properties.Add(reader.Take("DEFAULT") ? new TrinoProperty(at, name, null) : new TrinoProperty(at, name, Constant(reader)));
        }
        while (reader.Take(","));
        return properties;
    }

    /// <summary>What Trino's properties say of a new table.</summary>
    public static TableLayout Layout(TokenReader reader, IReadOnlyList<TrinoProperty> properties)
    {
        var layout = new TableLayout([], [], null, new Dictionary<string, string>(StringComparer.Ordinal));
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in properties)
        {
            switch (property.Name)
            {
                case "partitioning":
                    layout = layout with { Partitioning = Partitioning(reader, property) };
                    break;
                case "sorted_by":
                    layout = layout with { Order = Order(reader, property) };
                    break;
                case "location":
                    layout = layout with { Location = TextOf(reader, property) };
                    break;
                default:
                    AddTable(reader, property, texts);
                    break;
            }
        }

        return layout with { Properties = texts };
    }

    /// <summary>The changes that Trino's SET PROPERTIES asks for.</summary>
    public static AlterAction Changes(TokenReader reader, IReadOnlyList<TrinoProperty> properties)
    {
        var actions = new List<AlterAction>();
        var set = new Dictionary<string, string>(StringComparer.Ordinal);
        var unset = new List<string>();
        foreach (var property in properties)
        {
            switch (property.Name)
            {
                case "partitioning":
                    actions.Add(new AlterAction.SetPartitioning(property.Value is null ? [] : Partitioning(reader, property)));
                    break;
                case "sorted_by":
                    actions.Add(new AlterAction.SetOrder(property.Value is null ? [] : Order(reader, property)));
                    break;
                case "location":
                    throw SqlSyntax.Error(reader.Sql, property.At.Start, "the location of a table cannot be changed: its files are there.");
                case var name when property.Value is null:
                    unset.Add(TableKey(reader, property.At, name));
                    break;
                default:
                    AddTable(reader, property, set);
                    break;
            }
        }

        if (set.Count > 0)
        {
            actions.Add(new AlterAction.SetProperties(set));
        }

        if (unset.Count > 0)
        {
            actions.Add(new AlterAction.UnsetProperties(unset, IfExists: true));
        }

        return actions is [var only] ? only : new AlterAction.Several(actions);
    }

    private static void AddTable(TokenReader reader, TrinoProperty property, Dictionary<string, string> properties)
    {
        if (property is { Name: "extra_properties", Value: Dictionary<string, string> extra })
        {
            foreach (var (key, value) in extra)
            {
                properties[key] = value;
            }

            return;
        }

        var name = TableKey(reader, property.At, property.Name);
        if (property.Value is null or List<object?> or Dictionary<string, string>)
        {
            throw SqlSyntax.Error(reader.Sql, property.At.Start, $"property {property.Name} has no text, number or truth value; expected one.");
        }

        var text = ConstantParser.Print(property.Value);
        if (property.Name is "format" && !text.Equals("PARQUET", StringComparison.OrdinalIgnoreCase))
        {
            throw SqlSyntax.Error(reader.Sql, property.At.Start, $"data files of format {text} are not written; expected PARQUET.");
        }

        properties[name] = property.Name is "format" or "compression_codec" ? text.ToLowerInvariant() : text;
    }

    private static string TableKey(TokenReader reader, SqlToken at, string name) => name switch
    {
        "format" => "write.format.default",
        "format_version" => "format-version",
        "compression_codec" => "write.parquet.compression-codec",
        _ when name.Contains('.', StringComparison.Ordinal) || name.Contains('-', StringComparison.Ordinal) => name,
        _ => throw SqlSyntax.Error(reader.Sql, at.Start, $"property '{name}' is not known; expected {TrinoNames}."),
    };

    private static IReadOnlyList<Term> Partitioning(TokenReader reader, TrinoProperty property) =>
        [.. Texts(reader, property).Select(text => Whole(text, TermParser.Term))];

    private static IReadOnlyList<SortKey> Order(TokenReader reader, TrinoProperty property) =>
        [.. Texts(reader, property).SelectMany(text => Whole(text, TermParser.SortKeys))];

    private static T Whole<T>(string text, Func<TokenReader, T> parse)
    {
        var inner = new TokenReader(text);
        var result = parse(inner);
        inner.End();
        return result;
    }

    private static IEnumerable<string> Texts(TokenReader reader, TrinoProperty property) =>
        property.Value is List<object?> items && items.TrueForAll(i => i is string)
            ? items.Cast<string>()
            : throw SqlSyntax.Error(reader.Sql, property.At.Start, $"property {property.Name} is no array of texts; expected ARRAY['...'].");

    private static string TextOf(TokenReader reader, TrinoProperty property) => property.Value as string
        ?? throw SqlSyntax.Error(reader.Sql, property.At.Start, $"property {property.Name} is no text; expected one in quotes.");

    private static string SparkKey(TokenReader reader)
    {
        if (reader.Current.Kind == SqlTokenKind.Text)
        {
            return reader.Any().Value;
        }

        // Spark also takes keys without quotes: write.format.default, write.target-file-size-bytes.
        var start = reader.Current.Start;
        var end = start;
        _ = reader.Name("the name of a property");
        end = reader.Peek(-1).End;
        while (reader.At(".") || reader.At("-"))
        {
            _ = reader.Any();
            _ = reader.Name("the name of a property");
            end = reader.Peek(-1).End;
        }

        return reader.Sql[start..end];
    }

    private static string Text(TokenReader reader) => Constant(reader) switch
    {
        null or List<object?> or Dictionary<string, string> => throw reader.Unexpected("a text, number or truth value before this"),
        var value => ConstantParser.Print(value),
    };

    private static object? Constant(TokenReader reader)
    {
        var at = reader.Current;
        var source = reader.Source("a value", ",", ")");
        return ConstantParser.TryRead(source, out var value)
            ? value
            : throw SqlSyntax.Error(reader.Sql, at.Start, $"'{source}' is no constant; expected a text, a number, true, false, ARRAY[...] or MAP(...).");
    }
}

/// <summary>A property as Trino writes it.</summary>
/// <param name="At">Where it stands.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; null for DEFAULT.</param>
internal sealed record TrinoProperty(SqlToken At, string Name, object? Value);
