using CsCheck;
using Filter = PvLakehouse.Iceberg.Expressions.Expression;

namespace PvLakehouse.Iceberg.Tests.Model;

/// <summary>A filter as the library takes it, and what it says of a row.</summary>
/// <param name="Expression">The filter; given the present name of column v.</param>
/// <param name="Matches">Whether a row matches.</param>
internal sealed record ModelFilter(Func<string, Filter> Expression, Func<ModelRow, bool> Matches)
{
    private static readonly Gen<ModelFilter> Leaf = Gen.Select(Gen.Int[0, 9], Gen.Int[-1, 10], (kind, n) => kind switch
    {
        0 => new ModelFilter(_ => Filter.LessThan("k", n), r => r.K < n),
        1 => new ModelFilter(_ => Filter.GreaterThanOrEqual("k", n), r => r.K >= n),
        2 => new ModelFilter(_ => Filter.Equal("k", n), r => r.K == n),
        3 => new ModelFilter(_ => Filter.NotEqual("k", n), r => r.K != n),
        4 => new ModelFilter(_ => Filter.Equal("p", n / 2), r => r.P == n / 2),
        5 => new ModelFilter(_ => Filter.In("p", [n / 2, 1]), r => r.P == n / 2 || r.P == 1),
        6 => new ModelFilter(_ => Filter.GreaterThan("p", n / 3), r => r.P > n / 3),
        7 => new ModelFilter(Filter.IsNull, r => r.V is null),
        8 => new ModelFilter(v => Filter.LessThanOrEqual(v, n), r => r.V <= n),
        _ => new ModelFilter(v => Filter.GreaterThan(v, n), r => r.V > n),
    });

    /// <summary>Filters of one to three conditions.</summary>
    public static Gen<ModelFilter> Any { get; } = Gen.Select(Gen.Int[0, 4], Leaf, Leaf, Leaf, (n, a, b, c) => n switch
    {
        0 => a,
        1 => new ModelFilter(
            v => Filter.And(a.Expression(v), b.Expression(v)), r => a.Matches(r) && b.Matches(r)),
        2 => new ModelFilter(
            v => Filter.Or(a.Expression(v), b.Expression(v)), r => a.Matches(r) || b.Matches(r)),
        3 => new ModelFilter(
            v => Filter.And(
                Filter.Or(a.Expression(v), b.Expression(v)), c.Expression(v)),
            r => (a.Matches(r) || b.Matches(r)) && c.Matches(r)),
        _ => new ModelFilter(
            v => Filter.Or(a.Expression(v), Filter.And(b.Expression(v), c.Expression(v))),
            r => a.Matches(r) || (b.Matches(r) && c.Matches(r))),
    });
}
