using PvLakehouse.Benchmarks;

return await RebuildBenchmark.RunAsync(args, CancellationToken.None);
