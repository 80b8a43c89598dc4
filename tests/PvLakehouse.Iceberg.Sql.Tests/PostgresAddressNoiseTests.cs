namespace PvLakehouse.Iceberg.Sql.Tests;

/// <summary>
/// Addresses with pieces put in, left out and doubled: each is read, or refused without telling the password.
/// </summary>
public sealed class PostgresAddressNoiseTests
{
    private static readonly string[] Pieces =
    [
        "99999999999", "-1", "70000", "[", "]", "@", ":", "/", "//", "?", "&", "=", "%", "%4", ",", ";", "'", "\"",
        "\0", " ",
    ];

    [Theory]
    [InlineData("postgresql://ann:hush@db:5433/iceberg?sslmode=verify-full&connect_timeout=7&application_name=spark")]
    [InlineData("jdbc:postgresql://[::1]:5433/iceberg?user=ann&password=hush&ssl=true&target_session_attrs=any")]
    [InlineData("Host=db;Port=5433;Database=iceberg;Username=ann;Password=hush;Timeout=5")]
    public void Noise_is_read_or_refused(string address)
    {
        var random = new Random(42);
        var (read, refused) = (0, 0);
        for (var round = 0; round < 5000; round++)
        {
            var text = address;
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                text = Change(text, random);
            }

            try
            {
                _ = PostgresAddress.Describe(PostgresAddress.Parse(text));
                read++;
            }
            catch (IcebergException e)
            {
                Assert.DoesNotContain("hush", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.True(read > 500 && refused > 500, $"{read} read, {refused} refused");
    }

    private static string Change(string text, Random random)
    {
        var (at, length) = (random.Next(text.Length + 1), random.Next(8));
        return random.Next(3) switch
        {
            0 => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
            1 => text.Remove(at, Math.Min(length, text.Length - at)),
            _ => text.Insert(at, text.Substring(at, Math.Min(length, text.Length - at))),
        };
    }
}
