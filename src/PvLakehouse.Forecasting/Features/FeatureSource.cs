namespace PvLakehouse.Forecasting.Features;

/// <summary>Where the value of a feature comes from.</summary>
public abstract record FeatureSource
{
    private FeatureSource()
    {
    }

    /// <summary>A relation that is joined to each row, and an expression over it.</summary>
    /// <param name="Relation">The relation.</param>
    /// <param name="Expression">SQL over its alias.</param>
    internal sealed record Joined(FeatureRelation Relation, string Expression) : FeatureSource;

    /// <summary>A measured quantity so many hours from the hour that is forecast.</summary>
    /// <param name="Quantity">What is measured.</param>
    /// <param name="OffsetHours">Hours from the target hour; negative is earlier, 0 the target hour itself.</param>
    public sealed record Measured(MeasuredQuantity Quantity, int OffsetHours) : FeatureSource;

    /// <summary>A formula of other features; it is known when the last of them is.</summary>
    /// <param name="Expression">SQL over the names of the inputs.</param>
    /// <param name="Inputs">The features that it is made of.</param>
    public sealed record Derived(string Expression, IReadOnlyList<string> Inputs) : FeatureSource;
}
