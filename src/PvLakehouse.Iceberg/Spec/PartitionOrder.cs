namespace PvLakehouse.Iceberg.Spec;

/// <summary>Orders partition tuples field by field, null first.</summary>
internal sealed class PartitionOrder : IComparer<PartitionValues>
{
    private PartitionOrder()
    {
    }

    public static PartitionOrder Instance { get; } = new();

    public int Compare(PartitionValues? left, PartitionValues? right)
    {
        for (var i = 0; i < Math.Min(left!.Count, right!.Count); i++)
        {
            var order = (left[i], right[i]) switch
            {
                (null, null) => 0,
                (null, _) => -1,
                (_, null) => 1,
                ({ } l, { } r) => l.Type == r.Type ? l.CompareTo(r) : string.CompareOrdinal(l.ToString(), r.ToString()),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return left.Count.CompareTo(right.Count);
    }
}
