using PvLakehouse.Cli.Lakes;
using PvLakehouse.Pipeline.Bronze;

namespace PvLakehouse.Cli.Tests.Lakes;

/// <summary>Where settings are looked for, and how wrong ones are refused.</summary>
public sealed class LakeConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, "512MB", 512L * 1024 * 1024)]
    [InlineData("1.5GB", "512MB", 1536L * 1024 * 1024)]
    public void The_size_of_the_cache_comes_from_the_file_before_the_environment(string? file, string? environment, long? expected)
    {
        if (file is not null)
        {
            File.WriteAllText(Path.Combine(_folder.Path, LakeConfiguration.FileName), $$"""{"cache-size": "{{file}}"}""");
        }

        Assert.Equal(expected, Read(variable: environment).CacheBytes);
    }

    [Theory]
    [InlineData("20")]
    [InlineData("much")]
    [InlineData("0GB")]
    [InlineData("-1GB")]
    public void A_size_without_a_meaning_is_refused(string size)
    {
        var error = Assert.Throws<LakeException>(() => Read(variable: size));
        Assert.Equal($"The cache-size '{size}' is no size; expected a number with B, kB, MB, GB or TB, such as 20GB.", error.Message);
    }

    [Fact]
    public void An_unknown_setting_is_refused_with_the_known_ones()
    {
        File.WriteAllText(Path.Combine(_folder.Path, LakeConfiguration.FileName), """{"cache": "20GB"}""");

        var error = Assert.Throws<LakeException>(() => Read());

        Assert.Contains("the setting 'cache', which is not known; known are ", error.Message, StringComparison.Ordinal);
        Assert.All(
            (string[])["warehouse", "catalog", "cache-size", "lookback", "interval", "alert-file", "openlineage-url", "s3.endpoint"],
            setting => Assert.Contains($" {setting}", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Lookback_and_interval_come_from_the_settings()
    {
        File.WriteAllText(Path.Combine(_folder.Path, LakeConfiguration.FileName), """{"lookback": "3", "interval": "30m"}""");

        var settings = Read();

        Assert.Equal((3, EnergyResolution.HalfHour), (settings.LookbackDays, settings.Interval));
    }

    [Theory]
    [InlineData("lookback", "-1", "The lookback '-1' is none; expected whole days from 0 to 366.")]
    [InlineData("lookback", "400", "The lookback '400' is none; expected whole days from 0 to 366.")]
    [InlineData("interval", "15m", "The interval '15m' is none; expected 5m, 30m or 1h.")]
    public void A_lookback_or_interval_that_is_none_is_refused(string setting, string value, string message)
    {
        File.WriteAllText(Path.Combine(_folder.Path, LakeConfiguration.FileName), $$"""{"{{setting}}": "{{value}}"}""");

        Assert.Equal(message, Assert.Throws<LakeException>(() => Read()).Message);
    }

    private LakeSettings Read(string? variable = null) => LakeConfiguration.Read(
        _folder.Path,
        new Dictionary<string, string?>(StringComparer.Ordinal),
        file: null,
        name => name == "PVLAKE_CACHE_SIZE" ? variable : null);
}
