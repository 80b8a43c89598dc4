namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>By how much a forecast errs less than a reference, with the interval that chance leaves.</summary>
/// <param name="Skill">1 less the ratio of their root mean square errors: 0 is no better than the reference, 1 is perfect, below 0 is worse.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Upper end of the 95 % interval.</param>
/// <remarks>
/// The reference that science agrees on is the optimal convex combination of climatology and persistence (D. Yang et al., Solar Energy 210, 2020).
/// Hours of one day err together, on all farms, so whole days are drawn: a block bootstrap (H. R. Künsch, Annals of Statistics 17, 1989).
/// </remarks>
public sealed record SkillScore(double Skill, double Low, double High)
{
    private const int Draws = 1000;

    /// <summary>Whether the forecast is better than the reference beyond chance.</summary>
    public bool IsBetter => Low > 0;

    /// <summary>Compares two forecasts of the same hours.</summary>
    /// <param name="forecast">The forecast.</param>
    /// <param name="reference">The reference, of the same farms, issues and hours.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <exception cref="ArgumentException">The two are not of the same hours, or the reference makes no error at all.</exception>
    public static SkillScore Of(IReadOnlyCollection<ScoredHour> forecast, IReadOnlyCollection<ScoredHour> reference, int seed)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        ArgumentNullException.ThrowIfNull(reference);
        var references = reference.ToDictionary(KeyOf);
        if (forecast.Count != references.Count || forecast.FirstOrDefault(hour => !references.ContainsKey(KeyOf(hour))) is not null)
        {
            throw new ArgumentException(
                $"The forecast has {forecast.Count} hours, the reference {references.Count}, and they are not the same; a skill compares equal hours.",
                nameof(reference));
        }

        var days = forecast
            .GroupBy(hour => DateOnly.FromDateTime(hour.TargetHour.UtcDateTime))
            .OrderBy(day => day.Key)
            .Select(day => new Squares(day.Sum(hour => hour.Error * hour.Error), day.Sum(hour => Math.Pow(references[KeyOf(hour)].Error, 2))))
            .ToArray();
        var all = Of(days.AsSpan()) ?? throw new ArgumentException("The reference makes no error at all; no skill can be told.", nameof(reference));
        var random = new Random(seed);
        var drawn = new Squares[days.Length];
        var skills = new List<double>(Draws);
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var day = 0; day < drawn.Length; day++)
            {
                drawn[day] = days[random.Next(days.Length)];
            }

            if (Of(drawn) is { } skill)
            {
                skills.Add(skill);
            }
        }

        skills.Sort();
        return new(all, skills[(int)(0.025 * (skills.Count - 1))], skills[(int)Math.Ceiling(0.975 * (skills.Count - 1))]);
    }

    private static double? Of(ReadOnlySpan<Squares> days)
    {
        var (forecast, reference) = (0.0, 0.0);
        foreach (var day in days)
        {
            forecast += day.Forecast;
            reference += day.Reference;
        }

        return reference > 0 ? 1 - Math.Sqrt(forecast / reference) : null;
    }

    private static (string Farm, DateTimeOffset IssuedAt, DateTimeOffset TargetHour) KeyOf(ScoredHour hour) =>
        (hour.FacilityCode, hour.IssuedAt, hour.TargetHour);

    private readonly record struct Squares(double Forecast, double Reference);
}
