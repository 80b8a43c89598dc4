using System.Text;

namespace PvLakehouse.Sandbox.Simulation.Noise;

/// <summary>Numbers that look random but are a function of a key: the same question always has the same answer.</summary>
internal static class Hash
{
    private const double ToUnit = 1.0 / (1UL << 53);

    // Four sixteen-bit numbers added up are close to normal; their variance is 4/12 of the squared range.
    private const double ToNormal = 1.7320508075688772 / 65536;

    /// <summary>A key of a key and a number, well mixed (the finaliser of SplitMix64, Steele et al. 2014).</summary>
    internal static ulong Of(ulong key, long number)
    {
        var x = key + (0x9E3779B97F4A7C15UL * (ulong)(number + 1));
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }

    /// <summary>A key of a key and a name; the same on every machine, unlike <see cref="string.GetHashCode()"/>.</summary>
    internal static ulong Of(ulong key, string name)
    {
        foreach (var letter in Encoding.UTF8.GetBytes(name))
        {
            key = Of(key, letter);
        }

        return Of(key, name.Length);
    }

    /// <summary>A number in [0, 1), evenly distributed over keys.</summary>
    internal static double Unit(ulong key) => (key >> 11) * ToUnit;

    /// <summary>A number of mean 0 and variance 1, nearly normal, within ±3.47.</summary>
    internal static double Normal(ulong key) =>
        ((long)((key & 0xFFFF) + ((key >> 16) & 0xFFFF) + ((key >> 32) & 0xFFFF) + (key >> 48)) - 131070) * ToNormal;
}
