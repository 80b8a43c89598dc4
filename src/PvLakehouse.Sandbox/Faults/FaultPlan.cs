using System.Globalization;

namespace PvLakehouse.Sandbox.Faults;

/// <summary>Which share of the requests gets which fault.</summary>
/// <remarks>
/// Each request draws once, by its number and the seed, so the same sequence of requests meets the same faults; a request gets at
/// most one. Faults hit every API path, not <c>/health</c> and the sandbox's own page at <c>/</c>.
/// </remarks>
public sealed class FaultPlan
{
    /// <summary>The properties of answers that carry the data, for <see cref="FaultKind.WrongType"/>.</summary>
    internal static readonly string[] DataKeys = ["data", "hourly"];

    private static readonly (string Name, FaultKind Kind)[] Names =
    [
        ("429", FaultKind.TooManyRequests), ("500", FaultKind.InternalError), ("503", FaultKind.Unavailable),
        ("truncate", FaultKind.Truncate), ("slow", FaultKind.Slow), ("malformed", FaultKind.Malformed),
        ("wrongtype", FaultKind.WrongType), ("down", FaultKind.Down),
    ];

    private readonly IReadOnlyList<(FaultKind Kind, double Share)> _shares;

    private readonly ulong _seed;

    private FaultPlan(IReadOnlyList<(FaultKind Kind, double Share)> shares, ulong seed) => (_shares, _seed) = (shares, seed);

    /// <summary>No faults.</summary>
    public static FaultPlan None { get; } = new([], seed: 0);

    /// <summary>The pause of <see cref="FaultKind.Slow"/>.</summary>
    public static TimeSpan SlowBy { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Reads a plan such as <c>429:0.05,500:0.02,truncate:0.01,slow:0.05</c>: names and fractions of all requests.</summary>
    /// <param name="text">The plan; empty for no faults.</param>
    /// <param name="seed">Starting point of the draws.</param>
    /// <exception cref="FormatException">A name is unknown or repeated, or a fraction is not in 0 to 1, or they add up to more than 1.</exception>
    public static FaultPlan Parse(string text, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shares = new List<(FaultKind Kind, double Share)>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (kind, share) = ParsePart(part);
            if (shares.Exists(earlier => earlier.Kind == kind))
            {
                throw new FormatException($"The fault '{part.Split(':')[0]}' is given twice.");
            }

            shares.Add((kind, share));
        }

        var sum = shares.Sum(share => share.Share);
        return sum <= 1 + 1e-9
            ? new(shares, seed)
            : throw new FormatException(
                $"The fractions of '{text}' add up to {sum.ToString("0.###", CultureInfo.InvariantCulture)}; a request gets at most one fault, so 1 is the most.");
    }

    /// <summary>The fault of a request, or null.</summary>
    /// <param name="number">The number of the request since the start, from 1.</param>
    internal FaultKind? Draw(long number)
    {
        // 53 random bits make a double in [0, 1).
        var draw = (Bits(number) >> 11) * (1.0 / (1UL << 53));
        foreach (var (kind, share) in _shares)
        {
            draw -= share;
            if (draw < 0)
            {
                return kind;
            }
        }

        return null;
    }

    /// <summary>Whether a truncated request breaks off in the server's own way or loses its connection; both are equally likely.</summary>
    internal bool BreaksWithTail(long number) => (Bits(number) & 1) == 0;

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014): a well mixed number for each input.</summary>
    private ulong Bits(long number)
    {
        unchecked
        {
            var z = (_seed * 0xD1342543DE82EF95) + ((ulong)number * 0x9E3779B97F4A7C15);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    private static (FaultKind Kind, double Share) ParsePart(string part)
    {
        var pieces = part.Split(':');
        var known = Array.FindIndex(Names, entry => entry.Name == pieces[0].Trim());
        if (known < 0)
        {
            throw new FormatException(
                $"Unknown fault '{pieces[0]}'; the faults are {string.Join(", ", Names.Select(entry => entry.Name))}.");
        }

        return pieces.Length == 2
            && double.TryParse(pieces[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var share)
            && share is >= 0 and <= 1
            ? (Names[known].Kind, share)
            : throw new FormatException($"'{part}' is no fault with a fraction from 0 to 1, such as {pieces[0]}:0.05.");
    }
}
