namespace PvLakehouse.Solar.Sun;

/// <summary>Steps 3.1 to 3.9 of the SPA report: the sun as seen from the Earth's centre.</summary>
internal readonly record struct GeocentricSun
{
    /// <summary>Earth's heliocentric longitude L [°].</summary>
    internal double HeliocentricLongitude { get; private init; }

    /// <summary>Earth's heliocentric latitude B [°].</summary>
    internal double HeliocentricLatitude { get; private init; }

    /// <summary>Distance R [astronomical units].</summary>
    internal double Radius { get; private init; }

    /// <summary>Nutation in longitude [°].</summary>
    internal double NutationLongitude { get; private init; }

    /// <summary>Nutation in obliquity [°].</summary>
    internal double NutationObliquity { get; private init; }

    /// <summary>True obliquity of the ecliptic [°].</summary>
    internal double Obliquity { get; private init; }

    /// <summary>Apparent longitude of the sun [°].</summary>
    internal double ApparentLongitude { get; private init; }

    /// <summary>Apparent sidereal time at Greenwich [°].</summary>
    internal double SiderealTime { get; private init; }

    /// <summary>Right ascension [°].</summary>
    internal double RightAscension { get; private init; }

    /// <summary>Declination [°].</summary>
    internal double Declination { get; private init; }

    internal static GeocentricSun At(DateTimeOffset instant, double deltaT)
    {
        // 3.1: Julian day, ephemeris century and millennium.
        var julianDay = ((instant.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / (double)TimeSpan.TicksPerDay) + 2440587.5;
        var century = (julianDay - 2451545) / 36525;
        var ephemerisCentury = (julianDay + (deltaT / 86400) - 2451545) / 36525;
        var millennium = ephemerisCentury / 10;

        // 3.2: heliocentric longitude, latitude and radius.
        var longitude = Angle.Turn(Angle.Degrees(Series(millennium, 0)));
        var latitude = Angle.Degrees(Series(millennium, 1));
        var radius = Series(millennium, 2);

        // 3.4-3.5: nutation and obliquity.
        var (nutationLongitude, nutationObliquity) = Nutation(ephemerisCentury);
        var u = millennium / 10;
        var meanObliquity = Polynomial(
            u, 84381.448, -4680.93, -1.55, 1999.25, -51.38, -249.67, -39.05, 7.12, 27.87, 5.79, 2.45);
        var obliquity = (meanObliquity / 3600) + nutationObliquity;

        // 3.3, 3.6, 3.7: geocentric longitude with nutation and aberration.
        var apparentLongitude = longitude + 180 + nutationLongitude - (20.4898 / (3600 * radius));

        // 3.8: sidereal time.
        var mean = 280.46061837 + (360.98564736629 * (julianDay - 2451545))
            + (century * century * (0.000387933 - (century / 38710000)));
        var (sinObliquity, cosObliquity) = Math.SinCos(Angle.Radians(obliquity));

        // 3.9: right ascension and declination; the geocentric latitude is the heliocentric one mirrored.
        var (sinLambda, cosLambda) = Math.SinCos(Angle.Radians(apparentLongitude));
        var (sinBeta, cosBeta) = Math.SinCos(Angle.Radians(-latitude));
        return new()
        {
            HeliocentricLongitude = longitude,
            HeliocentricLatitude = latitude,
            Radius = radius,
            NutationLongitude = nutationLongitude,
            NutationObliquity = nutationObliquity,
            Obliquity = obliquity,
            ApparentLongitude = Angle.Turn(apparentLongitude),
            SiderealTime = Angle.Turn(mean + (nutationLongitude * cosObliquity)),
            RightAscension = Angle.Turn(Angle.Degrees(
                Math.Atan2((sinLambda * cosObliquity) - (sinBeta / cosBeta * sinObliquity), cosLambda))),
            Declination = Angle.Degrees(Math.Asin((sinBeta * cosObliquity) + (cosBeta * sinObliquity * sinLambda))),
        };
    }

    // The polynomial in time whose coefficients are themselves sums A cos(B + C t); quantity 0 longitude, 1 latitude, 2 radius.
    private static double Series(double time, int quantity)
    {
        var sum = 0.0;
        for (var order = 5; order >= 0; order--)
        {
            var terms = SpaEarthTerms.Of(quantity, order);
            var coefficient = 0.0;
            for (var i = 0; i < terms.Length; i += 3)
            {
                coefficient += terms[i] * Math.Cos(terms[i + 1] + (terms[i + 2] * time));
            }

            sum = (sum * time) + coefficient;
        }

        return sum / 1e8;
    }

    private static (double Longitude, double Obliquity) Nutation(double century)
    {
        Span<double> arguments =
        [
            Polynomial(century, 297.85036, 445267.111480, -0.0019142, 1 / 189474.0),
            Polynomial(century, 357.52772, 35999.050340, -0.0001603, -1 / 300000.0),
            Polynomial(century, 134.96298, 477198.867398, 0.0086972, 1 / 56250.0),
            Polynomial(century, 93.27191, 483202.017538, -0.0036825, 1 / 327270.0),
            Polynomial(century, 125.04452, -1934.136261, 0.0020708, 1 / 450000.0),
        ];
        var (longitude, obliquity) = (0.0, 0.0);
        var coefficients = SpaNutationTerms.Coefficients;
        for (var row = 0; row < coefficients.Length / 4; row++)
        {
            var multiples = SpaNutationTerms.Arguments.Slice(row * 5, 5);
            var angle = 0.0;
            for (var i = 0; i < 5; i++)
            {
                angle += multiples[i] * arguments[i];
            }

            var (sin, cos) = Math.SinCos(Angle.Radians(angle));
            var terms = coefficients.Slice(row * 4, 4);
            longitude += (terms[0] + (terms[1] * century)) * sin;
            obliquity += (terms[2] + (terms[3] * century)) * cos;
        }

        return (longitude / 36e6, obliquity / 36e6);
    }

    private static double Polynomial(double x, params ReadOnlySpan<double> coefficients)
    {
        var sum = 0.0;
        for (var i = coefficients.Length - 1; i >= 0; i--)
        {
            sum = (sum * x) + coefficients[i];
        }

        return sum;
    }
}
