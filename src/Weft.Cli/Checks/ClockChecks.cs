namespace Weft.Cli.Checks;

/// <summary>Whether clocks agree: ages, certificates and traces are told by them.</summary>
internal static class ClockChecks
{
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Wrong = TimeSpan.FromSeconds(30);

    private const string Remedy = "have both machines follow a time server (chrony, systemd-timesyncd)";

    public static IEnumerable<Finding> Of(MeshFacts facts)
    {
        var proxies = facts.Proxies.Where(p => p.Clock is not null).Select(p => (p.Target, p.Clock!.Skew)).ToArray();
        var controls = facts
            .AllControls.Where(c => c.Clock is not null)
            .Select(c => (c.Target, c.Clock!.Skew))
            .ToArray();
        return
        [
            .. proxies.Concat(controls).Select(c => Compare(c.Target, c.Skew, "this machine")),
            .. from control in controls
            from proxy in proxies
            where IsRight(control.Skew) && IsRight(proxy.Skew) && !IsRight(proxy.Skew - control.Skew)
            select Compare(proxy.Target, proxy.Skew - control.Skew, control.Target),
        ];
    }

    private static bool IsRight(TimeSpan skew) => skew.Duration() <= Noticeable;

    private static Finding Compare(string target, TimeSpan skew, string other)
    {
        if (IsRight(skew))
        {
            return Finding.Ok(CheckNames.Clocks, target, $"agrees with {other}");
        }

        var status = skew.Duration() > Wrong ? FindingStatus.Error : FindingStatus.Warning;
        var direction = skew > TimeSpan.Zero ? "ahead of" : "behind";
        return new Finding(
            CheckNames.Clocks,
            target,
            status,
            $"{Output.Numbers.Age(skew.Duration())} {direction} {other}",
            Remedy
        );
    }
}
