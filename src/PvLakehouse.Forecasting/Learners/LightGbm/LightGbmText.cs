using System.Globalization;

namespace PvLakehouse.Forecasting.Learners.LightGbm;

/// <summary>Looks through a model's text before LightGBM reads it: a damaged tree makes the library end the whole process.</summary>
/// <remarks>Source: src/io/tree.cpp and src/boosting/gbdt_model_text.cpp of LightGBM 4.</remarks>
internal static class LightGbmText
{
    private const string End = "end of trees\n";

    // What a tree has for each node, and for each leaf; a tree of one leaf has no nodes.
    private static readonly string[] OfNodes =
    [
        "split_feature", "split_gain", "threshold", "decision_type", "left_child", "right_child", "internal_value",
        "internal_weight", "internal_count",
    ];

    private static readonly string[] OfLeaves = ["leaf_value", "leaf_weight", "leaf_count"];
    private static readonly string[] Needed = ["split_feature", "threshold", "decision_type", "left_child", "right_child"];

    /// <summary>Gives the names of the features.</summary>
    /// <exception cref="ForecastingException">
    /// The text is no model, is cut off, or has a tree that is none or that splits by categories.
    /// </exception>
    public static string[] RequireWhole(string text)
    {
        var blocks = text.Split("\nTree=");
        var header = Fields(blocks[0]);
        if (!text.StartsWith("tree\n", StringComparison.Ordinal) || !text.Contains("\n" + End, StringComparison.Ordinal)
            || !header.TryGetValue("feature_names", out var names) || !header.TryGetValue("tree_sizes", out var sizes))
        {
            throw new ForecastingException(
                "The content is no LightGBM model, or a part of one: "
                + "expected a text from 'tree' to 'end of trees' with 'feature_names' and 'tree_sizes'.");
        }

        var (features, promised) = (names.Split(' '), sizes.Split(' '));
        if (promised.Length != blocks.Length - 1)
        {
            throw new ForecastingException(
                $"The LightGBM model is damaged: it has {blocks.Length - 1} trees, and the sizes of {promised.Length}.");
        }

        for (var tree = 0; tree < blocks.Length - 1; tree++)
        {
            // Each block ends where the next one, or the end, begins.
            var block = blocks[tree + 1];
            var length = "Tree=\n".Length + (tree < blocks.Length - 2 ? block.Length : block.IndexOf(End, StringComparison.Ordinal) - 1);
            if (promised[tree] != length.ToString(CultureInfo.InvariantCulture) || !IsTree(Fields(block), features.Length))
            {
                throw new ForecastingException(
                    "The LightGBM model is damaged, or splits by categories: "
                    + $"its tree {tree} is none of numerical splits in {features.Length} features.");
            }
        }

        return features;
    }

    private static bool IsTree(Dictionary<string, string> fields, int features)
    {
        if (!fields.TryGetValue("num_leaves", out var number)
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var leaves)
            || leaves < 1 || fields.GetValueOrDefault("num_cat") != "0" || fields.GetValueOrDefault("is_linear", "0") != "0"
            || !fields.ContainsKey("leaf_value"))
        {
            return false;
        }

        if (!OfLeaves.All(name => !fields.TryGetValue(name, out var list) || Numbers(list).Length == leaves))
        {
            return false;
        }

        return leaves == 1 || (Needed.All(fields.ContainsKey)
            && OfNodes.All(name => !fields.TryGetValue(name, out var list) || Numbers(list).Length == leaves - 1)
            && Array.TrueForAll(Numbers(fields["split_feature"]), feature => feature >= 0 && feature < features)
            && TreeShape.IsTree(Indexes("left_child"), Indexes("right_child"), leaves));

        int[] Indexes(string name) => Array.ConvertAll(Numbers(fields[name]), index => (int)index);
    }

    /// <summary>The numbers of a list; none when one of them is no number.</summary>
    private static double[] Numbers(string list)
    {
        var words = list.Split(' ');
        var numbers = new double[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            // A split between the missing and all others has an endless threshold, in the words of C++.
            if (words[i] is "inf" or "-inf")
            {
                numbers[i] = words[i] == "inf" ? double.PositiveInfinity : double.NegativeInfinity;
            }
            else if (!double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return [];
            }
        }

        return numbers;
    }

    private static Dictionary<string, string> Fields(string block)
    {
        var fields = new Dictionary<string, string>();
        foreach (var line in block.Split('\n'))
        {
            if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                fields[line[..at]] = line[(at + 1)..];
            }
        }

        return fields;
    }
}
