namespace PvLakehouse.Sandbox.Plans;

/// <summary>Whose limits the sandbox enforces.</summary>
public enum SandboxPlan
{
    /// <summary>No quotas, no history limit, and the longest ranges a request may ask for on the providers' top plans.</summary>
    Unlimited,

    /// <summary>The free plans: OpenElectricity COMMUNITY, and Open-Meteo without a key.</summary>
    Community,
}
