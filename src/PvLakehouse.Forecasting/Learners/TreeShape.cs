namespace PvLakehouse.Forecasting.Learners;

/// <summary>
/// Binary trees as arrays of children: node 0 is the root, a child of 0 or more is a node, and one below 0, c, the leaf -1 - c.
/// </summary>
internal static class TreeShape
{
    /// <summary>Whether every child exists and is the child of one node alone, so that every way from the root ends in a leaf.</summary>
    public static bool IsTree(int[] left, int[] right, int leaves)
    {
        var nodes = left.Length;
        var (seenNodes, seenLeaves) = (new bool[nodes], new bool[leaves]);
        if (right.Length != nodes || leaves != nodes + 1)
        {
            return false;
        }

        foreach (var child in left.Concat(right))
        {
            var (seen, at) = child >= 0 ? (seenNodes, child) : (seenLeaves, ~child);
            if (child == 0 || at >= seen.Length || seen[at])
            {
                return false;
            }

            seen[at] = true;
        }

        return true;
    }
}
