namespace PvLakehouse.Pipeline.Sources;

/// <summary>One HTTP request that a read will make, with what it costs.</summary>
public abstract record PlannedRequest
{
    /// <summary>The endpoint, for example open-meteo/archive.</summary>
    public abstract string Source { get; }

    /// <summary>The address, without any key.</summary>
    public required Uri Address { get; init; }

    /// <summary>The farms asked for, in the order of the request; empty asks for all solar farms.</summary>
    public required IReadOnlyList<SourceFacility> Facilities { get; init; }

    /// <summary>What the request takes from the budget: 1 credit for OpenElectricity, the call weight for
    /// Open-Meteo.</summary>
    public abstract double Cost { get; }

    /// <summary>The window and farms, for messages.</summary>
    public abstract string Describe();

    /// <summary>The farms, shortened when many.</summary>
    private protected string DescribeFacilities()
    {
        const int shown = 3;
        var codes = string.Join(", ", Facilities.Take(shown).Select(facility => facility.Code));
        return Facilities.Count switch
        {
            0 => "all solar farms",
            <= shown => codes,
            var count => $"{codes} and {count - shown} more",
        };
    }
}
