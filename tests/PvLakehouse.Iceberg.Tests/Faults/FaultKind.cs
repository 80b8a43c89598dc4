namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>What happens at the one step that goes wrong.</summary>
public enum FaultKind
{
    /// <summary>The step fails and does nothing; later steps work.</summary>
    FailsBefore,

    /// <summary>The step does its work and fails then; later steps work.</summary>
    FailsAfter,

    /// <summary>The process is killed before the step: this one and all later ones fail and do nothing.</summary>
    DiesBefore,

    /// <summary>The process is killed right after the step did its work.</summary>
    DiesAfter,

    /// <summary>The step hangs before its work, until the caller loses patience and cancels.</summary>
    HangsBefore,

    /// <summary>The step does its work and hangs then, until the caller cancels.</summary>
    HangsAfter,
}
