using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PvLakehouse.Forecasting.Learners.Xgboost;

/// <summary>The C functions of XGBoost that are called here (c_api.h, version 1.7 and newer).</summary>
internal static partial class XgboostNative
{
    private const string Library = NativeLibraries.Xgboost;

    [LibraryImport(Library, EntryPoint = "XGBoostVersion")]
    public static partial void GetVersion(out int major, out int minor, out int patch);

    [LibraryImport(Library, EntryPoint = "XGBSetGlobalConfig", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetGlobalConfig(string json);

    [LibraryImport(Library, EntryPoint = "XGBGetLastError")]
    public static partial nint GetLastError();

    [LibraryImport(Library, EntryPoint = "XGDMatrixCreateFromDense", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MatrixCreateFromDense(string array, string config, out nint matrix);

    [LibraryImport(Library, EntryPoint = "XGDMatrixSetFloatInfo", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int MatrixSetFloatInfo(MatrixHandle matrix, string field, float* values, ulong count);

    [LibraryImport(Library, EntryPoint = "XGDMatrixFree")]
    public static partial int MatrixFree(nint matrix);

    [LibraryImport(Library, EntryPoint = "XGBoosterCreate")]
    public static partial int BoosterCreate([In] nint[] matrices, ulong count, out nint booster);

    [LibraryImport(Library, EntryPoint = "XGBoosterSetParam", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterSetParam(BoosterHandle booster, string name, string value);

    [LibraryImport(Library, EntryPoint = "XGBoosterSetStrFeatureInfo", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterSetFeatureInfo(BoosterHandle booster, string field, [In] string[] values, ulong count);

    [LibraryImport(Library, EntryPoint = "XGBoosterGetStrFeatureInfo", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int BoosterGetFeatureInfo(BoosterHandle booster, string field, out ulong count, out nint* values);

    [LibraryImport(Library, EntryPoint = "XGBoosterBoostedRounds")]
    public static partial int BoosterBoostedRounds(BoosterHandle booster, out int rounds);

    [LibraryImport(Library, EntryPoint = "XGBoosterUpdateOneIter")]
    public static partial int BoosterUpdateOneIter(BoosterHandle booster, int iteration, MatrixHandle training);

    [LibraryImport(Library, EntryPoint = "XGBoosterEvalOneIter", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterEvalOneIter(
        BoosterHandle booster, int iteration, [In] nint[] matrices, [In] string[] names, ulong count, out nint result);

    [LibraryImport(Library, EntryPoint = "XGBoosterSlice")]
    public static partial int BoosterSlice(BoosterHandle booster, int begin, int end, int step, out nint slice);

    [LibraryImport(Library, EntryPoint = "XGBoosterPredictFromDMatrix", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int BoosterPredict(
        BoosterHandle booster, MatrixHandle matrix, string config, out ulong* shape, out ulong dimensions, out float* result);

    [LibraryImport(Library, EntryPoint = "XGBoosterFeatureScore", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int BoosterFeatureScore(
        BoosterHandle booster, string config, out ulong count, out nint* names, out ulong dimensions, out ulong* shape, out float* scores);

    [LibraryImport(Library, EntryPoint = "XGBoosterSaveModelToBuffer", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int BoosterSaveModel(BoosterHandle booster, string config, out ulong length, out byte* content);

    [LibraryImport(Library, EntryPoint = "XGBoosterLoadModelFromBuffer")]
    public static unsafe partial int BoosterLoadModel(BoosterHandle booster, byte* content, ulong length);

    [LibraryImport(Library, EntryPoint = "XGBoosterFree")]
    public static partial int BoosterFree(nint booster);

    /// <summary>Asserts that a call succeeded.</summary>
    /// <exception cref="ForecastingException">It did not; with the library's own words.</exception>
    public static void Check(int result)
    {
        if (result != 0)
        {
            throw new ForecastingException($"XGBoost: {LastError()}");
        }
    }

    /// <summary>
    /// What the library says of the last call that failed: the first line, the others being its stack, without clock and line of code.
    /// </summary>
    public static string LastError()
    {
        var words = (Marshal.PtrToStringUTF8(GetLastError()) ?? "").Split('\n')[0];
        return Place().Replace(words, "");
    }

    [GeneratedRegex(@"^\[[0-9:]+\] \S+:[0-9]+: ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();

    /// <summary>Data of the library.</summary>
    internal sealed class MatrixHandle : SafeHandle
    {
        public MatrixHandle(nint handle)
            : base(0, ownsHandle: true) => SetHandle(handle);

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle() => MatrixFree(handle) == 0;
    }

    /// <summary>A model of the library.</summary>
    internal sealed class BoosterHandle : SafeHandle
    {
        public BoosterHandle(nint handle)
            : base(0, ownsHandle: true) => SetHandle(handle);

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle() => BoosterFree(handle) == 0;
    }
}
