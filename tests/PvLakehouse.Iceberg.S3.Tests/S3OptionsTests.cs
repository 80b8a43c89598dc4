namespace PvLakehouse.Iceberg.S3.Tests;

public sealed class S3OptionsTests
{
    [Fact]
    public void Settings_have_the_names_of_Icebergs_other_implementations()
    {
        var options = S3Options.FromProperties(new Dictionary<string, string>
        {
            ["s3.endpoint"] = "http://127.0.0.1:9000",
            ["client.region"] = "ap-southeast-2",
            ["s3.access-key-id"] = "key",
            ["s3.secret-access-key"] = "secret",
            ["s3.session-token"] = "token",
            ["s3.path-style-access"] = "false",
            ["s3.multipart.part-size-bytes"] = "33554432",
            ["s3.request-timeout"] = "7",
            ["s3.retry.num-retries"] = "2",
        });
        Assert.Equal(
            ("http://127.0.0.1:9000/", "ap-southeast-2", "key", "secret", "token", false, 33554432, 7, 2),
            (options.Endpoint!.ToString(), options.Region, options.AccessKey, options.SecretKey, options.SessionToken, options.PathStyle!.Value,
             options.PartSize, (int)options.RequestTimeout.TotalSeconds, options.Retries));
    }

    [Theory]
    [InlineData("s3.endpoint", "127.0.0.1:9000", "expected a URL")]
    [InlineData("s3.endpoint", "http://key:hidden@127.0.0.1:9000", "expected a URL")]
    [InlineData("s3.path-style-access", "perhaps", "expected true or false")]
    [InlineData("s3.multipart.part-size-bytes", "1024", "expected 5242880 to 1073741824 bytes")]
    [InlineData("s3.access-key-id", "key", "s3.secret-access-key is missing")]
    [InlineData("s3.secret-access-key", "hidden", "s3.access-key-id is missing")]
    public void Settings_that_make_no_sense_are_refused(string key, string value, string sentence)
    {
        var failure = Assert.Throws<IcebergException>(() => S3Options.FromProperties(new Dictionary<string, string> { [key] = value }));
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_variables_of_AWS_tools_are_read()
    {
        var variables = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = "key", ["AWS_SECRET_ACCESS_KEY"] = "secret", ["AWS_DEFAULT_REGION"] = "eu-west-1",
            ["AWS_ENDPOINT_URL"] = "http://all", ["AWS_ENDPOINT_URL_S3"] = "http://s3", ["AWS_SESSION_TOKEN"] = "",
        };
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["s3.access-key-id"] = "key", ["s3.secret-access-key"] = "secret", ["client.region"] = "eu-west-1", ["s3.endpoint"] = "http://s3",
            },
            S3Properties.FromEnvironment(variables.GetValueOrDefault));
    }
}
