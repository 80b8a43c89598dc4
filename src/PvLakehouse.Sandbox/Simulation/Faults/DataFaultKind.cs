namespace PvLakehouse.Sandbox.Simulation.Faults;

/// <summary>What can go wrong between the sunlight on a farm and the numbers that the provider publishes.</summary>
public enum DataFaultKind
{
    /// <summary>The farm bids itself down while the price is negative; magnitude = what it may deliver as a share of its AC capacity.</summary>
    CurtailmentEconomic,

    /// <summary>The network operator limits the farm; magnitude = the limit as a share of its AC capacity.</summary>
    CurtailmentNetwork,

    /// <summary>The whole unit is off; magnitude 1.</summary>
    Outage,

    /// <summary>One of n inverter blocks is off; magnitude 1/n.</summary>
    PartialOutage,

    /// <summary>Intervals are missing; magnitude 1.</summary>
    Gap,

    /// <summary>The last value before the fault is repeated until 20:55 network time; magnitude = it as a share of AC capacity.</summary>
    FrozenEvening,

    /// <summary>A day is counted twice; magnitude 2.</summary>
    DoubledDay,

    /// <summary>A day is wrong by a factor until the provider corrects it; magnitude = the factor.</summary>
    LateCorrection,

    /// <summary>One interval far above capacity; magnitude = its power over AC capacity.</summary>
    Spike,

    /// <summary>A day of the whole farm is in another unit; magnitude = the factor, 1000 for kWh and 0.001 for GWh in place of MWh.</summary>
    UnitMixUp,

    /// <summary>The stamps of the whole farm are off for weeks; magnitude = minutes, 30 or 60, positive when they are too late.</summary>
    ClockShift,

    /// <summary>The series of the whole farm stops for weeks; magnitude 1.</summary>
    Stopped,

    /// <summary>The same rows are sent twice in one answer, as overlapping pages would; magnitude = how often. No value changes.</summary>
    Duplicate,

    /// <summary>The inverters stand at their AC limit for half an hour or longer, which is no fault but looks like one; magnitude 1. No value changes.</summary>
    Clipping,
}
