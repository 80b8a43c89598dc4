using System.Runtime.InteropServices;
using System.Text;
using static PvLakehouse.Forecasting.Learners.Xgboost.XgboostNative;

namespace PvLakehouse.Forecasting.Learners.Xgboost;

/// <summary>The XGBoost that is installed on this machine.</summary>
internal static class XgboostLibrary
{
    /// <summary>The variable that names the library's file when it is at no usual place.</summary>
    public const string Variable = "PVLAKE_XGBOOST";

    /// <summary>The first version whose functions are those called here.</summary>
    private static readonly Version Oldest = new(1, 7, 0);

    private static readonly string[] UsualNames = ["libxgboost.so", "libxgboost.so.0", "xgboost.dll", "libxgboost.dylib"];
    private static readonly Lazy<nint> Loaded = new(() => Load(Environment.GetEnvironmentVariable(Variable), UsualNames));

    private static readonly Lazy<Version> LoadedVersion = new(() =>
    {
        GetVersion(out var major, out var minor, out var patch);
        var version = new Version(major, minor, patch);
        if (version < Oldest)
        {
            throw new ForecastingException($"The XGBoost library is of version {version}; expected {Oldest} or newer. {HowToGet()}");
        }

        // It writes warnings to the console, which is not its own.
        Check(SetGlobalConfig("""{"verbosity": 0}"""));
        return version;
    });

    /// <summary>The loaded library.</summary>
    /// <exception cref="ForecastingException">There is none.</exception>
    public static nint Handle => Loaded.Value;

    /// <summary>Its version.</summary>
    /// <exception cref="ForecastingException">There is no library.</exception>
    public static Version Version => LoadedVersion.Value;

    /// <summary>Why there is none and how to get it; null when there is one.</summary>
    public static string? Unavailability
    {
        get
        {
            try
            {
                _ = Version;
                return null;
            }
            catch (ForecastingException e)
            {
                return e.Message;
            }
        }
    }

    /// <summary>Loads the file that is named, or else the first of some usual names that is there.</summary>
    /// <exception cref="ForecastingException">Nothing could be loaded.</exception>
    public static nint Load(string? file, IReadOnlyList<string> usualNames)
    {
        if (!string.IsNullOrEmpty(file))
        {
            return TryLoad(file, out var named)
                ? named
                : throw new ForecastingException($"{Variable} names '{file}', and there is no XGBoost library to load. {HowToGet()}");
        }

        foreach (var name in usualNames)
        {
            if (TryLoad(name, out var found))
            {
                return found;
            }
        }

        throw new ForecastingException($"XGBoost's library is not installed; looked for {string.Join(", ", usualNames)}. {HowToGet()}");
    }

    private static bool TryLoad(string name, out nint library) =>
        NativeLibrary.TryLoad(name, out library) && NativeLibrary.TryGetExport(library, "XGBoostVersion", out _);

    private static string HowToGet() => new StringBuilder("To get it: ")
        .Append(OperatingSystem.IsMacOS() ? "brew install xgboost"
            : OperatingSystem.IsWindows() ? "pip install xgboost" : "apt-get install libxgboost0")
        .Append(", or set ").Append(Variable).Append(" to the library's file, such as xgboost/lib/")
        .Append(OperatingSystem.IsMacOS() ? "libxgboost.dylib" : OperatingSystem.IsWindows() ? "xgboost.dll" : "libxgboost.so")
        .Append(" among the packages of a Python with 'pip install xgboost'.").ToString();
}
