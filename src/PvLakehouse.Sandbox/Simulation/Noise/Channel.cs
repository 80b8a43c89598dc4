namespace PvLakehouse.Sandbox.Simulation.Noise;

/// <summary>
/// One stationary random quantity of a place over time, of mean 0 and variance 1: a sum of smooth noises of several scales. Any instant
/// can be asked at any time; neighbouring places have similar values on the large scales.
/// </summary>
internal sealed class Channel
{
    private readonly Scale[] _scales;

    /// <summary>Creates the channel of a place.</summary>
    /// <param name="key">Key of the quantity: other keys give independent quantities.</param>
    /// <param name="latitude">[°].</param>
    /// <param name="longitude">[°].</param>
    /// <param name="octaves">The scales.</param>
    internal Channel(ulong key, double latitude, double longitude, ReadOnlySpan<Octave> octaves)
    {
        var variance = 0.0;
        foreach (var octave in octaves)
        {
            variance += octave.Weight * octave.Weight;
        }

        _scales = new Scale[octaves.Length];
        for (var i = 0; i < octaves.Length; i++)
        {
            _scales[i] = new(Hash.Of(key, i), latitude, longitude, octaves[i], octaves[i].Weight / Math.Sqrt(variance));
        }
    }

    /// <summary>The value at a time [h since 1970-01-01T00:00Z].</summary>
    internal double At(double hours)
    {
        var sum = 0.0;
        foreach (var scale in _scales)
        {
            sum += scale.At(hours);
        }

        return sum;
    }

    private sealed class Scale
    {
        private readonly ulong[] _corners;
        private readonly double[] _shares;
        private readonly double _perHour;
        private readonly double _phase;
        private readonly double _weight;

        internal Scale(ulong key, double latitude, double longitude, Octave octave, double weight)
        {
            _weight = weight;
            _perHour = 1 / octave.Hours;
            _phase = Hash.Unit(key);
            if (octave.Degrees <= 0)
            {
                var here = Hash.Of(Hash.Of(key, (long)Math.Round(latitude * 1e4)), (long)Math.Round(longitude * 1e4));
                (_corners, _shares) = ([here], [1]);
                return;
            }

            var (y, x) = (latitude / octave.Degrees, longitude / octave.Degrees);
            var (south, west) = ((long)Math.Floor(y), (long)Math.Floor(x));
            var (up, right) = (Smooth(y - south), Smooth(x - west));
            ulong Corner(long dy, long dx) => Hash.Of(Hash.Of(key, south + dy), west + dx);
            _corners = [Corner(0, 0), Corner(0, 1), Corner(1, 0), Corner(1, 1)];
            _shares = UnitLength([(1 - up) * (1 - right), (1 - up) * right, up * (1 - right), up * right]);
        }

        internal double At(double hours)
        {
            var position = (hours * _perHour) + _phase;
            var before = Math.Floor(position);
            var later = Smooth(position - before);
            var earlier = 1 - later;

            // Divided by the length of the weights, so that the variance is the same between the lattice points as on them.
            return _weight * ((earlier * Lattice((long)before)) + (later * Lattice((long)before + 1)))
                / Math.Sqrt((earlier * earlier) + (later * later));
        }

        private double Lattice(long index)
        {
            var sum = 0.0;
            for (var i = 0; i < _corners.Length; i++)
            {
                sum += _shares[i] * Hash.Normal(Hash.Of(_corners[i], index));
            }

            return sum;
        }

        private static double Smooth(double x) => x * x * (3 - (2 * x));

        private static double[] UnitLength(double[] shares)
        {
            var length = Math.Sqrt(shares.Sum(share => share * share));
            return [.. shares.Select(share => share / length)];
        }
    }
}
