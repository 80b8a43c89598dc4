namespace PvLakehouse.Iceberg.S3.Tests;

/// <summary>What the lakehouse's service users may do, by the policies of its design, and how refusals are told.</summary>
public sealed class S3AccessTests(S3Fixture fixture)
{
    private readonly string _folder = fixture.NewFolder();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spark_writes_tables_that_Trino_reads_and_continues()
    {
        var lakehouse = await fixture.LakehouseAsync();
        using var lake = new S3Lake(_folder);
        using var spark = new S3FileIO(lakehouse.Options(lakehouse.Spark));
        using var trino = new S3FileIO(lakehouse.Options(lakehouse.Trino));
        var table = await lake.CreateAsync(spark);
        await table.NewAppend().Add(await lake.WriteAsync(spark, "a")).CommitAsync(Cancel);
        var again = await lake.LoadAsync(trino);
        await again.NewAppend().Add(await lake.WriteAsync(trino, "b", 6_000_000)).CommitAsync(Cancel);

        Assert.Equal(["a", "b"], await lake.FilesAsync(spark));
        Assert.Equal(["a", "b"], await lake.FilesAsync(trino));
        await trino.DeleteManyAsync([$"{_folder}/data/a", $"{_folder}/data/none"], Cancel);
        await spark.DeleteAsync($"{_folder}/data/b", Cancel);
        using var root = new S3FileIO(lakehouse.Options());
        await foreach (var file in root.ListAsync($"{_folder}/data", Cancel))
        {
            Assert.Fail($"{file.Location} was not deleted.");
        }
    }

    [Fact]
    public async Task Nobody_reaches_the_other_bucket()
    {
        var lakehouse = await fixture.LakehouseAsync();
        using var spark = new S3FileIO(lakehouse.Options(lakehouse.Spark));
        using var mlflow = new S3FileIO(lakehouse.Options(lakehouse.Mlflow));
        await WriteAsync(spark, $"{_folder}/a");
        var model = $"s3://mlflow/{_folder["s3://".Length..]}/model";
        await WriteAsync(mlflow, model);

        await RefusedAsync(() => mlflow.OpenReadAsync($"{_folder}/a", Cancel));
        await RefusedAsync(() => mlflow.DeleteAsync($"{_folder}/a", Cancel));
        await RefusedAsync(() => mlflow.DeleteManyAsync([$"{_folder}/a"], Cancel));
        await RefusedAsync(() => WriteAsync(mlflow, $"{_folder}/b"));
        await RefusedAsync(() => WriteAsync(mlflow, $"{_folder}/b", 6_000_000));
        await RefusedAsync(() => spark.OpenReadAsync(model, Cancel));
        await RefusedAsync(() => spark.DeleteAsync(model, Cancel));
        await RefusedAsync(() => WriteAsync(spark, $"{model}2"));
        Assert.True(await spark.ExistsAsync($"{_folder}/a", Cancel));
        Assert.True(await mlflow.ExistsAsync(model, Cancel));
    }

    [Fact]
    public async Task The_policies_grant_objects_but_no_listing_so_orphans_are_looked_for_by_another_user()
    {
        var lakehouse = await fixture.LakehouseAsync();
        using var spark = new S3FileIO(lakehouse.Options(lakehouse.Spark));
        using var root = new S3FileIO(lakehouse.Options());
        await WriteAsync(spark, $"{_folder}/a");
        var refusal = await RefusedAsync(async () =>
        {
            await foreach (var file in spark.ListAsync(_folder, Cancel))
            {
                Assert.Fail(file.Location);
            }
        });
        Assert.Contains("could not be listed", refusal.Message, StringComparison.Ordinal);
        await foreach (var file in root.ListAsync(_folder, Cancel))
        {
            Assert.Equal($"{_folder}/a", file.Location);
        }
    }

    [Theory]
    [InlineData(true, false, "s3://lakehouse/a", "refuses the secret of access key")]
    [InlineData(false, true, "s3://lakehouse/a", "does not know the access key 'NOSUCHKEY'")]
    [InlineData(false, false, "s3://nowhere/a", "there is no bucket 'nowhere' at http://127.0.0.1")]
    public async Task Wrong_settings_are_told_in_one_sentence_without_secrets(bool wrongSecret, bool wrongKey, string location, string sentence)
    {
        var lakehouse = await fixture.LakehouseAsync();
        var user = lakehouse.Server.Root with { };
        user = wrongSecret ? user with { SecretKey = "a-wrong-secret" } : user;
        user = wrongKey ? user with { AccessKey = "NOSUCHKEY" } : user;
        using var io = new S3FileIO(lakehouse.Options(user));
        foreach (var attempt in new Func<Task>[] { () => io.OpenReadAsync(location, Cancel), () => WriteAsync(io, location) })
        {
            var failure = await Assert.ThrowsAsync<IOException>(attempt);
            Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(user.SecretKey, failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_quota_that_is_used_up_is_told()
    {
        var lakehouse = await fixture.LakehouseAsync();
        using var io = new S3FileIO(lakehouse.Options());
        await lakehouse.Server.CreateBucketAsync("small", Cancel);
        await lakehouse.Server.SetQuotaAsync("small", 1_000_000, Cancel);
        await WriteAsync(io, "s3://small/a", 900_000);
        var failure = await Assert.ThrowsAsync<IOException>(() => WriteAsync(io, "s3://small/b", 900_000));
        Assert.Contains("QuotaExceeded", failure.Message, StringComparison.Ordinal);
        Assert.False(await io.ExistsAsync("s3://small/b", Cancel));
    }

    private static async Task<IOException> RefusedAsync(Func<Task> action)
    {
        var failure = await Assert.ThrowsAsync<IOException>(action);
        Assert.Contains("AccessDenied", failure.Message, StringComparison.Ordinal);
        return failure;
    }

    private static async Task WriteAsync(S3FileIO io, string location, int size = 10)
    {
        await using var file = await io.CreateAsync(location, Cancel);
        await file.Content.WriteAsync(new byte[size], Cancel);
        await file.CompleteAsync(Cancel);
    }
}
