namespace Weft.Cli.Checks;

/// <summary>All checks, in the order in which their findings are shown: what comes first is the likely cause of what follows.</summary>
internal static class Doctor
{
    /// <summary>From what is known to what is right and wrong with it.</summary>
    public static IReadOnlyList<Finding> Examine(MeshFacts facts) =>
        [
            .. PortChecks.Of(facts),
            .. FileChecks.Of(facts),
            .. CertificateChecks.Of(facts),
            .. VersionChecks.Of(facts),
            .. ClockChecks.Of(facts),
            .. ReadinessChecks.Of(facts),
            .. StoreChecks.Of(facts),
            .. DocumentChecks.Of(facts),
            .. DiscoveryChecks.Of(facts),
            .. ServiceChecks.Of(facts),
            .. LimitChecks.Of(facts),
        ];
}
