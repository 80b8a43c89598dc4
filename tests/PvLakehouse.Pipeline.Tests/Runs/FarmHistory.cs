using System.Globalization;
using PvLakehouse.Pipeline.Tests.Models;

namespace PvLakehouse.Pipeline.Tests.Runs;

/// <summary>What one farm's sources send in the course of time: late, twice, corrected, impossible, or not at all.</summary>
internal sealed class FarmHistory
{
    private const int Hours = 4 * 24;

    private static readonly DateTimeOffset First = new(2025, 1, 5, 14, 0, 0, TimeSpan.Zero);
    private static readonly string[] Regions = ["NSW1", "QLD1", "VIC1", "SA1", "WEM"];

    private readonly Random _random;
    private readonly string _code;
    private readonly string _region;
    private readonly int _units;
    private readonly List<(string Farm, string Unit, string Hour, double? Mwh)> _energy = [];
    private readonly List<(string Farm, string Stamp, Dictionary<string, double?> Values)> _weather = [];
    private readonly List<(string Farm, string Stamp, double? Pm25)> _air = [];
    private double _capacity;
    private bool _registers;

    public FarmHistory(int number, Random random)
    {
        _random = random;
        _code = string.Create(CultureInfo.InvariantCulture, $"FARM{number:D3}");
        _region = Regions[random.Next(Regions.Length)];
        _units = random.Next(1, 3);
        _capacity = random.Next(20, 300);
    }

    /// <summary>Draws what the sources send next.</summary>
    public void Advance(int step)
    {
        _registers = step == 0 || _random.Next(12) == 0;
        if (step > 0 && _registers)
        {
            _capacity = Math.Round(_capacity * (0.8 + (0.4 * _random.NextDouble())));
        }

        for (var events = step == 0 ? 3 : _random.Next(3); events > 0; events--)
        {
            var (from, to) = Range();
            switch (_random.Next(6))
            {
                case 0 or 1:
                    Energy(from, to, factor: 1);
                    break;
                case 2:
                    // A correction, or a fault: nothing, half, double, a thousandfold.
                    Energy(from, to, new[] { 0, 0.5, 1.02, 2, 3, 1000 }[_random.Next(6)]);
                    break;
                case 3:
                    // A provider that takes back what it said.
                    _energy.Add((_code, Unit(1), Text(from), null));
                    break;
                case 4:
                    Weather(from, to);
                    break;
                default:
                    Air(from, to);
                    break;
            }
        }
    }

    /// <summary>Brings what was drawn into bronze: farms first, then one ingest for each series.</summary>
    public static async Task IngestAsync(TestLake lake, IReadOnlyList<FarmHistory> histories)
    {
        foreach (var history in histories.Where(history => history._registers))
        {
            await lake.FacilityAsync(
                history._code, history._capacity * 1.3, history._capacity, history._region, history._units,
                latitude: -30, longitude: history._region == "WEM" ? 117 : 146);
        }

        await lake.EnergyAsync([.. histories.SelectMany(history => history._energy).DistinctBy(row => (row.Unit, row.Hour))]);
        await lake.WeatherAsync([.. histories.SelectMany(history => history._weather).DistinctBy(row => (row.Farm, row.Stamp))]);
        await lake.AirAsync([.. histories.SelectMany(history => history._air).DistinctBy(row => (row.Farm, row.Stamp))]);
        foreach (var history in histories)
        {
            history._energy.Clear();
            history._weather.Clear();
            history._air.Clear();
        }
    }

    private void Energy(int from, int to, double factor)
    {
        for (var hour = from; hour < to; hour++)
        {
            for (var unit = 1; unit <= _units; unit++)
            {
                if (_random.Next(15) > 0)
                {
                    _energy.Add((_code, Unit(unit), Text(hour), Math.Round(Sun(hour) * _capacity / _units * factor * (0.5 + (0.5 * _random.NextDouble())), 4)));
                }
            }
        }
    }

    private void Weather(int from, int to)
    {
        for (var hour = from; hour < to; hour++)
        {
            var global = Math.Round(1000 * Sun(hour - 1) * (0.3 + (0.7 * _random.NextDouble())));
            _weather.Add((_code, Text(hour), new()
            {
                ["shortwave_radiation"] = global,
                ["direct_radiation"] = Math.Round(0.7 * global),
                ["diffuse_radiation"] = Math.Round(0.3 * global),
                ["temperature_2m"] = _random.Next(5, 40),
                ["wind_speed_10m"] = _random.Next(0, 40),
                ["pressure_msl"] = 1013,
            }));
        }
    }

    private void Air(int from, int to)
    {
        for (var hour = from; hour < to; hour++)
        {
            _air.Add((_code, Text(hour), _random.Next(8) == 0 ? null : _random.Next(0, 60)));
        }
    }

    private (int From, int To) Range()
    {
        var from = _random.Next(Hours - 6);
        return (from, Math.Min(Hours, from + _random.Next(1, 48)));
    }

    /// <summary>A rough day of market time: 0 at night, 1 at noon.</summary>
    private static double Sun(int hour) => Math.Max(0, Math.Sin(Math.PI * ((((hour % 24) + 24) % 24) - 5) / 14.0)) * ((((hour % 24) + 24) % 24) is > 5 and < 19 ? 1 : 0);

    private string Unit(int unit) => string.Create(CultureInfo.InvariantCulture, $"{_code}{unit}");

    private string Text(int hour) =>
        First.AddHours(hour + (_region == "WEM" ? 2 : 0)).ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture);
}
