namespace PvLakehouse.Iceberg.Tests.Model;

/// <summary>Choices that were drawn before, so that a run can be repeated and made smaller.</summary>
internal sealed class Dice(IReadOnlyList<int> numbers)
{
    private int _next;

    /// <summary>A number from 0 up to but not including another.</summary>
    public int Next(int end) => numbers[_next++ % numbers.Count] % end;

    public bool OneIn(int chances) => Next(chances) == 0;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Next(choices.Count)];

    /// <summary>Some of several, in their order; at least one.</summary>
    public List<T> Some<T>(IReadOnlyList<T> choices, int most)
    {
        var first = Next(choices.Count);
        return [.. choices.Skip(first).Take(1 + Next(most))];
    }
}
