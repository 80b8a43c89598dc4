using System.Globalization;

namespace PvLakehouse.Forecasting.Tests.Learners;

/// <summary>Reads the trees of a LightGBM model's text and walks them, without the library. Numerical splits only.</summary>
/// <remarks>
/// Source: Tree::NumericalDecision in include/LightGBM/tree.h of LightGBM 4: of decision_type bit 1 says that missing values go left, and
/// bits
/// 2 and 3 what is missing: 0 nothing (not a number counts as 0), 2 not a number.
/// </remarks>
internal sealed class LightGbmTrees
{
    private readonly List<Tree> _trees = [];

    public LightGbmTrees(string text)
    {
        foreach (var block in text.Split("\nTree=").Skip(1))
        {
            var lines = block.Split('\n').Where(line => line.Contains('=')).Select(line => line.Split('=', 2))
                .ToLookup(pair => pair[0], pair => pair[1]);
            T[] List<T>(string name)
                where T : IParsable<T> => [.. lines[name].First().Split(' ').Select(word => T.Parse(word, CultureInfo.InvariantCulture))];
            _trees.Add(new(
                List<int>("split_feature"), List<double>("threshold"), List<int>("decision_type"), List<int>("left_child"),
                List<int>("right_child"), List<double>("leaf_value")));
        }
    }

    public double Sum(ReadOnlySpan<double> row)
    {
        var sum = 0.0;
        foreach (var tree in _trees)
        {
            var node = 0;
            while (node >= 0)
            {
                var value = row[tree.Feature[node]];
                var mayMiss = ((tree.Decision[node] >> 2) & 3) == 2;
                var goesLeft = mayMiss && double.IsNaN(value)
                    ? (tree.Decision[node] & 2) != 0
                    : (double.IsNaN(value) ? 0 : value) <= tree.Threshold[node];
                node = goesLeft ? tree.Left[node] : tree.Right[node];
            }

            sum += tree.Leaf[~node];
        }

        return sum;
    }

    private sealed record Tree(int[] Feature, double[] Threshold, int[] Decision, int[] Left, int[] Right, double[] Leaf);
}
