using System.Diagnostics;
using System.Globalization;
using PvLakehouse.Pipeline.Sources;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>Keeps the failures of sources until a run is over, so that one that is down does not stop the others.</summary>
/// <param name="datasets">How many datasets the run loads.</param>
internal sealed class SourceFailures(int datasets)
{
    private readonly List<SourceException> _all = [];

    /// <summary>Loads one dataset; when its source fails, the result says so and the run goes on.</summary>
    /// <exception cref="PipelineException">The lake knows no farms, and the register, which would name them, has failed.</exception>
    public async Task<StageResult> KeepAsync(string dataset, Func<Task<StageResult>> load)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await load();
        }
        catch (SourceException failure)
        {
            _all.Add(failure);
            return new(Datasets.TableOf(dataset).ToString(), null, Stopwatch.GetElapsedTime(started)) { Failure = failure.Message };
        }
        catch (PipelineException) when (_all is [{ SourceName: SourceNames.Facilities } register, ..])
        {
            // Without the register this dataset could not start; what is missing is the register's answer.
            throw new PipelineException(register.Message, register);
        }
    }

    /// <summary>Whether any source has failed so far.</summary>
    public bool Any => _all.Count > 0;

    /// <summary>Ends a run that could not read everything.</summary>
    /// <exception cref="PipelineException">Some source failed; the first failure is its cause.</exception>
    public void ThrowIfAny()
    {
        if (_all is [var first, ..])
        {
            throw new PipelineException(string.Create(
                CultureInfo.InvariantCulture,
                $"{_all.Count} of {datasets} datasets could not be read to the end; what arrived is in the lake, and the "
                + $"same command asks for the rest. {string.Join(" ", _all.Select(failure => failure.Message).Distinct())}"), first);
        }
    }
}
