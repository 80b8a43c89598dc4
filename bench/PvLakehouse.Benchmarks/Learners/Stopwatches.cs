using System.Diagnostics;

namespace PvLakehouse.Benchmarks.Learners;

/// <summary>Takes the time.</summary>
internal static class Stopwatches
{
    public static double Seconds(Action work)
    {
        var began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
