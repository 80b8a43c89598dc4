using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Tells whether certainly every row of a file matches a filter.</summary>
/// <remarks>
/// A file is covered when no row of it can fail the filter, and rows fail where it is false or, as comparisons with null
/// are, neither true nor false. So the question goes to the evaluator that rules files out.
/// </remarks>
internal sealed class WholeFileMatch
{
    private readonly Func<DataFile, bool> _covers;

    /// <exception cref="ArgumentException">
    /// A column of the filter is unknown, or a value cannot be compared with it.
    /// </exception>
    public WholeFileMatch(TableMetadata table, Expression filter, bool caseSensitive) =>
        _covers = All(filter, expression => new FilePruner(table, table.Schema, expression, caseSensitive));

    /// <summary>"Yes" is certain, "no" is not.</summary>
    public bool Covers(DataFile file) => _covers(file);

    private static Func<DataFile, bool> All(Expression filter, Func<Expression, FilePruner> prune)
    {
        switch (filter)
        {
            case AlwaysTrue:
                return static _ => true;
            case AlwaysFalse:
                return static _ => false;
            case AndExpression and:
                var (left, right) = (All(and.Left, prune), All(and.Right, prune));
                return file => left(file) && right(file);
            case OrExpression or:
                var (one, other, neither) = (All(or.Left, prune), All(or.Right, prune), prune(Fails(filter)));
                return file => one(file) || other(file) || !neither.MightMatch(file);
            default:
                var failing = Disjuncts(Fails(filter)).Select(prune).ToList();
                return file => failing.TrueForAll(f => !f.MightMatch(file));
        }
    }

    private static IEnumerable<Expression> Disjuncts(Expression filter) => filter is OrExpression or
        ? Disjuncts(or.Left).Concat(Disjuncts(or.Right))
        : [filter];

    /// <summary>Rows for which the filter is not true.</summary>
    private static Expression Fails(Expression filter) => filter switch
    {
        AndExpression and => Expression.Or(Fails(and.Left), Fails(and.Right)),
        OrExpression or => Expression.And(Fails(or.Left), Fails(or.Right)),
        NotExpression not => IsNotFalse(not.Inner),
        Predicate predicate => Expression.Or(Expression.Not(predicate), Unknown(predicate)),
        _ => Expression.Not(filter),
    };

    /// <summary>Rows for which the filter is not false.</summary>
    private static Expression IsNotFalse(Expression filter) => filter switch
    {
        AndExpression and => Expression.And(IsNotFalse(and.Left), IsNotFalse(and.Right)),
        OrExpression or => Expression.Or(IsNotFalse(or.Left), IsNotFalse(or.Right)),
        NotExpression not => Fails(not.Inner),
        Predicate predicate => Expression.Or(predicate, Unknown(predicate)),
        _ => filter,
    };

    /// <summary>
    /// Rows for which a predicate is neither true nor false, or for which engines disagree, as they do about NaN.
    /// </summary>
    private static Expression Unknown(Predicate predicate) => predicate.Kind switch
    {
        PredicateKind.IsNull or PredicateKind.NotNull => Expression.False,
        PredicateKind.IsNaN or PredicateKind.NotNaN => Expression.IsNull(predicate.Column),
        _ => Expression.Or(Expression.IsNull(predicate.Column), Expression.IsNaN(predicate.Column)),
    };
}
