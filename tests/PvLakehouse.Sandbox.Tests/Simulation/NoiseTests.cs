using PvLakehouse.Sandbox.Simulation.Noise;

namespace PvLakehouse.Sandbox.Tests.Simulation;

public sealed class NoiseTests
{
    private static readonly Octave[] Octaves = [new(24, 5, 0.8), new(3, 0, 0.6)];

    /// <summary>The published test vector of SplitMix64 for seed 1234567 (Rosetta Code, "Pseudo-random numbers/Splitmix64").</summary>
    [Fact]
    public void Hash_is_SplitMix64_so_every_machine_has_the_same_world() =>
        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(i => Hash.Of(1234567, i)));

    [Fact]
    public void Units_are_even_and_normals_have_mean_zero_and_variance_one()
    {
        var keys = Enumerable.Range(0, 100_000).Select(i => Hash.Of(42, i)).ToArray();

        // Standard errors: 0.0009 for the mean of units, 0.0032 for that of normals.
        Assert.Equal(0.5, keys.Average(Hash.Unit), 0.004);
        Assert.Equal(0, keys.Average(Hash.Normal), 0.013);
        Assert.Equal(1, keys.Average(key => Hash.Normal(key) * Hash.Normal(key)), 0.02);
        Assert.Equal(0.1, keys.Count(key => Hash.Unit(key) < 0.1) / 100_000.0, 0.005);
    }

    [Fact]
    public void A_channel_has_variance_one_and_no_jumps()
    {
        var channel = new Channel(9, -35.2, 147.3, Octaves);
        var values = Enumerable.Range(0, 400_000).Select(i => channel.At(i * 0.25)).ToArray();

        Assert.Equal(0, values.Average(), 0.08);
        Assert.Equal(1, values.Average(value => value * value), 0.08);
        Assert.All(values.Zip(values.Skip(1)), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.8));
    }

    [Fact]
    public void Places_share_the_large_scales_only()
    {
        double[] Series(double latitude, Octave octave) =>
            [.. Enumerable.Range(0, 5000).Select(i => new Channel(9, latitude, 147, [octave]).At(i * 7.0))];
        double Correlation(Octave octave, double distance) =>
            Series(-35, octave).Zip(Series(-35 + distance, octave), (a, b) => a * b).Average();

        Assert.InRange(Correlation(new(24, 8, 1), 0.2), 0.9, 1.1);
        Assert.InRange(Correlation(new(24, 8, 1), 16.5), -0.1, 0.1);
        Assert.InRange(Correlation(new(24, 0, 1), 0.2), -0.1, 0.1);
    }
}
