namespace PvLakehouse.Iceberg.Spec;

/// <summary>How the edges of a geography run between two points (spec: "Primitive Types").</summary>
public enum EdgeAlgorithm
{
    /// <summary>Great circles on a sphere.</summary>
    Spherical,

    /// <summary>Vincenty's formulae on an ellipsoid.</summary>
    Vincenty,

    /// <summary>Thomas's formulae on an ellipsoid.</summary>
    Thomas,

    /// <summary>Andoyer's formulae on an ellipsoid.</summary>
    Andoyer,

    /// <summary>Karney's geodesics on an ellipsoid.</summary>
    Karney,
}
