namespace PvLakehouse.Forecasting.Learners.RandomForest;

/// <summary>A regression tree as arrays: node 0 is the root, a child c of 0 or more is a node, and one below 0 the leaf -1 - c.</summary>
internal sealed class Tree
{
    /// <summary>By node, the feature that it asks for.</summary>
    public required int[] Feature { get; init; }

    /// <summary>By node, the most that goes left, as a number of 32 bits, in which values are compared.</summary>
    public required float[] Threshold { get; init; }

    /// <summary>By node, where values up to the threshold go, and missing ones.</summary>
    public required int[] Left { get; init; }

    /// <summary>By node, where values above the threshold go.</summary>
    public required int[] Right { get; init; }

    /// <summary>By leaf, the mean of the training targets in it.</summary>
    public required double[] Mean { get; init; }

    /// <summary>By leaf, targets drawn from those in it, ascending; as many in each.</summary>
    public required float[][] Sample { get; init; }

    /// <summary>The leaf in which a row ends.</summary>
    public int LeafOf(ReadOnlySpan<double> row)
    {
        // Without a split there is one leaf.
        var node = Feature.Length == 0 ? ~0 : 0;
        while (node >= 0)
        {
            // Not a number is not above anything.
            node = (float)row[Feature[node]] > Threshold[node] ? Right[node] : Left[node];
        }

        return ~node;
    }

    /// <summary>Whether its parts fit together and every path ends in a leaf.</summary>
    public bool IsWhole(int features) =>
        Threshold.Length == Feature.Length && Left.Length == Feature.Length && TreeShape.IsTree(Left, Right, Mean.Length)
        && Array.TrueForAll(Feature, feature => feature >= 0 && feature < features)
        && Sample.Length == Mean.Length && Array.TrueForAll(Sample, sample => sample.Length > 0 && sample.Length == Sample[0].Length);
}
