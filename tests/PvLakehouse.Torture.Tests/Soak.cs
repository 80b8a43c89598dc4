namespace PvLakehouse.Torture;

/// <summary>How long tests go on: briefly in every run of the suite, long when PVLAKE_SOAK is set (<c>./test --soak</c>).</summary>
internal static class Soak
{
    public static int Choose(int usually, int soak) =>
        Environment.GetEnvironmentVariable("PVLAKE_SOAK") is "1" ? soak : usually;
}
