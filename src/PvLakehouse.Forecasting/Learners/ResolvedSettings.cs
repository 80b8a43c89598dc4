using System.Globalization;

namespace PvLakehouse.Forecasting.Learners;

/// <summary>Settings whose every parameter is known, in its range, and spelt in the one way.</summary>
internal sealed class ResolvedSettings
{
    private ResolvedSettings(LearnerSettings settings) => Settings = settings;

    public LearnerSettings Settings { get; }

    public double? Level => Settings.Objective.Level;

    public int Seed => Settings.Seed;

    /// <exception cref="ForecastingException">A parameter is unknown or out of its range.</exception>
    public static ResolvedSettings Of(LearnerSettings settings, IReadOnlyList<HyperParameter> known)
    {
        if (settings.Parameters.Keys.FirstOrDefault(name => !known.Any(parameter => parameter.Name == name)) is { } unknown)
        {
            var names = string.Join(", ", known.Select(parameter => parameter.Name));
            throw new ForecastingException($"The learner '{settings.Learner}' has no parameter '{unknown}'; it has {names}.");
        }

        if (settings.Seed < 0)
        {
            throw new ForecastingException($"The seed is {settings.Seed.ToString(CultureInfo.InvariantCulture)}; expected 0 or more.");
        }

        var values = known.ToDictionary(parameter => parameter.Name, Value);
        return new(settings with { Parameters = new SortedDictionary<string, string>(values, StringComparer.Ordinal) });

        string Value(HyperParameter parameter) => settings.Parameters.TryGetValue(parameter.Name, out var text)
            ? parameter.Allowed.Canonical(text) ?? throw new ForecastingException(
                $"The parameter '{parameter.Name}' of the learner '{settings.Learner}' is '{text}'; expected {parameter.Allowed}.")
            : parameter.Default;
    }

    public string Text(string name) => Settings.Parameters[name];

    public double Number(string name) => double.Parse(Text(name), CultureInfo.InvariantCulture);

    public int Whole(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);
}
