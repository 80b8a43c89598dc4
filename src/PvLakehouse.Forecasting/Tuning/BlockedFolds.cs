using System.Globalization;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Tuning;

/// <summary>Cross-validation in the order of time: every round learns from what came before the hours that judge it.</summary>
/// <remarks>
/// <para>The time is cut into equal blocks. Round i learns from the first i of them, stops by the next, and is judged by the one after that,
/// with a gap after each stretch as in <see cref="TimeSplit"/>.</para>
/// <para>Sources: C. Bergmeir and J. Benítez, "On the use of cross-validation for time series predictor evaluation", Information Sciences
/// 191, 2012; V. Cerqueira et al., "Evaluating time series forecasting models", Machine Learning 109, 2020 (prequential blocks with
/// gaps).</para>
/// </remarks>
public static class BlockedFolds
{
    /// <summary>Rounds unless said otherwise.</summary>
    public const int UsualCount = 3;

    /// <summary>Cuts some time.</summary>
    /// <param name="from">Its start.</param>
    /// <param name="to">Its end: nothing later is ever looked at.</param>
    /// <param name="count">Number of rounds, 1 or more.</param>
    /// <param name="gap">Time left out after what is learned from and after what says when to stop.</param>
    /// <returns>The rounds, the earliest first; cut at whole days of UTC.</returns>
    /// <exception cref="ForecastingException">The gap would leave less than a day of a block.</exception>
    public static IReadOnlyList<Fold> Of(DateTimeOffset from, DateTimeOffset to, int count, TimeSpan gap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var block = (to - from) / (count + 2);
        return block >= gap + TimeSpan.FromDays(1)
            ? [.. Enumerable.Range(1, count).Select(
                round => new Fold(new(At(round), At(round + 1), gap), round == count ? to : At(round + 2)))]
            : throw new ForecastingException(string.Create(
                CultureInfo.InvariantCulture,
                $"{(to - from).TotalDays:0.#} days make {count + 2} blocks of {block.TotalDays:0.#} days; "
                + $"expected blocks of {gap.TotalDays + 1:0.#} days or more, for each is judged without its first {gap.TotalDays:0.#}."));

        DateTimeOffset At(int blocks) => new((from + (block * blocks)).UtcDateTime.Date, TimeSpan.Zero);
    }
}
