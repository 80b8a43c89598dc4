namespace PvLakehouse.TestServers;

/// <summary>A user of the S3 server.</summary>
/// <param name="Id">Name.</param>
/// <param name="AccessKey">The public half of the credentials.</param>
/// <param name="SecretKey">The secret half, made up for one test run.</param>
public sealed record S3User(string Id, string AccessKey, string SecretKey);
