using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PvLakehouse.Forecasting.Learners.Xgboost;

namespace PvLakehouse.Forecasting.Learners;

/// <summary>Finds the native libraries of the learners, and says how to get one that is not there.</summary>
internal static class NativeLibraries
{
    public const string LightGbm = "lib_lightgbm";
    public const string Xgboost = "xgboost";

    /// <summary>Loads a library of the packages.</summary>
    /// <exception cref="ForecastingException">It is not there, or needs one that is not.</exception>
    public static nint LoadLightGbm(string name, Assembly assembly, DllImportSearchPath? paths)
    {
        try
        {
            return NativeLibrary.Load(name, assembly, paths);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new ForecastingException(
                $"LightGBM's library does not load on {RuntimeInformation.RuntimeIdentifier}; "
                + $"it is there for x64 and on Linux needs libgomp (apt-get install libgomp1): {FirstLine(e)}", e);
        }
    }

    public static string FirstLine(Exception e) => e.Message.Split('\n')[0].TrimEnd('\r');

    // The runtime asks here before it looks for a library itself; an assembly can say so only once.
#pragma warning disable CA2255 // The first native call may come from any type here.
    [ModuleInitializer]
    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, (name, assembly, paths) => name switch
    {
        LightGbm => LoadLightGbm(name, assembly, paths),
        Xgboost => XgboostLibrary.Handle,
        _ => 0,
    });
#pragma warning restore CA2255
}
