using System.Collections.ObjectModel;

namespace PvLakehouse.Forecasting.Tracking;

/// <summary>Texts by key.</summary>
internal static class Dictionaries
{
    public static IReadOnlyDictionary<string, string> Empty { get; } = ReadOnlyDictionary<string, string>.Empty;
}
