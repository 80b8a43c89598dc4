namespace PvLakehouse.Iceberg.Sql.Tests;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgresql://ann:s3cret@db:5433/iceberg", "db", 5433, "iceberg", "ann", "s3cret")]
    [InlineData("postgres://ann@db/iceberg", "db", 5432, "iceberg", "ann", null)]
    [InlineData("postgresql://db", "db", 5432, null, null, null)]
    [InlineData("postgresql:///iceberg", "localhost", 5432, "iceberg", null, null)]
    [InlineData("postgresql://a%40b:p%3A%2F%3F%25@db/my%20lake", "db", 5432, "my lake", "a@b", "p:/?%")]
    [InlineData("postgresql://ann:p@ss@db/iceberg", "db", 5432, "iceberg", "ann", "p@ss")]
    [InlineData("jdbc:postgresql://db:5433/iceberg?user=ann&password=s3cret", "db", 5433, "iceberg", "ann", "s3cret")]
    [InlineData("postgresql+psycopg2://ann:s3cret@db/iceberg", "db", 5432, "iceberg", "ann", "s3cret")]
    [InlineData("postgresql://[::1]:5433/iceberg", "::1", 5433, "iceberg", null, null)]
    [InlineData("Host=db;Port=5433;Database=iceberg;Username=ann;Password=s3cret", "db", 5433, "iceberg", "ann", "s3cret")]
    public void Addresses_are_read(string text, string host, int port, string? database, string? user, string? password)
    {
        var builder = PostgresAddress.Parse(text);
        Assert.Equal((host, port, database, user, password), (builder.Host, builder.Port, builder.Database, builder.Username, builder.Password));
        Assert.DoesNotContain(password ?? "no such text", PostgresAddress.Describe(builder), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_libpq_and_JDBC_are_understood()
    {
        var builder = PostgresAddress.Parse("postgresql://db/x?sslmode=verify-full&connect_timeout=7&currentSchema=lake&application_name=spark");
        Assert.Equal(
            (Npgsql.SslMode.VerifyFull, 7, "lake", "spark"), (builder.SslMode, builder.Timeout, builder.SearchPath, builder.ApplicationName));
        Assert.Equal(Npgsql.SslMode.Require, PostgresAddress.Parse("jdbc:postgresql://db/x?ssl=true").SslMode);
    }

    [Theory]
    [InlineData("mysql://ann:s3cret@db/iceberg", "expected postgresql://")]
    [InlineData("postgresql://ann:s3cret@db:port/iceberg", "expected postgresql://")]
    [InlineData("postgresql://ann:s3cret@db/iceberg?sslmode=s3cret", "expected postgresql://")]
    [InlineData("postgresql://ann:s3cret@db/iceberg?s3=s3cret", "option 's3'")]
    [InlineData("Host=db;Password=a;s3cret=b", "expected postgresql://")]
    public void Malformed_addresses_are_refused_without_repeating_a_password(string text, string sentence)
    {
        var failure = Assert.Throws<IcebergException>(() => PostgresAddress.Parse(text));
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
    }
}
