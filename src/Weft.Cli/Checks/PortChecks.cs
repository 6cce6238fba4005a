using Weft.Api.Documents;

namespace Weft.Cli.Checks;

/// <summary>Whether what is looked at is there, and is what it is taken for.</summary>
internal static class PortChecks
{
    private const string Proxy = "proxy";

    public static IEnumerable<Finding> Of(MeshFacts facts)
    {
        if (IsNobodyThere(facts))
        {
            return
            [
                Finding.Error(
                    CheckNames.Ports,
                    "this machine",
                    $"there is no proxy at {string.Join(", ", facts.Proxies.Select(p => p.Address))} and no control plane at "
                        + string.Join(", ", facts.Controls.Select(c => c.Address.Authority)),
                    "start one, or say where one is: --proxy ADDR, --control ADDR, or -c FILE for a proxy that does not run yet"
                ),
            ];
        }

        return [.. facts.Proxies.SelectMany(Of), .. facts.AllControls.SelectMany(Of), .. facts.Files.SelectMany(Of)];
    }

    /// <summary>Nothing was named, and nothing is where it would be if nobody had said otherwise.</summary>
    private static bool IsNobodyThere(MeshFacts facts)
    {
        var answers = facts
            .Proxies.Select(p => (p.IsExpected, p.Answer))
            .Concat(facts.Controls.Select(c => (c.IsExpected, Answer: c.Answer!)))
            .ToArray();
        return facts.Files.Count == 0
            && answers.Length > 0
            && Array.TrueForAll(answers, a => a is (false, Answer.None { Why: Silence.Refused }));
    }

    private static IEnumerable<Finding> Of(ProxyFacts proxy) =>
        proxy.Page is not null
            ? [Finding.Ok(CheckNames.Ports, proxy.Target, "a proxy answers"), .. Unread(proxy.Target, proxy.Unread)]
            : [Missing(proxy.Target, proxy.IsExpected, proxy.Answer, Proxy, "the address under 'admin' in its file")];

    private static IEnumerable<Finding> Of(ControlFacts control) =>
        control.Answer is null
            ?
            [
                Finding.Ok(
                    CheckNames.Ports,
                    control.Target,
                    "TLS is spoken; it is not asked, because of its certificate"
                ),
            ]
        : control.Status is not null
            ?
            [
                Finding.Ok(CheckNames.Ports, control.Target, "a control plane answers"),
                .. Unread(control.Target, control.Unread),
            ]
        :
        [
            Missing(
                control.Target,
                control.IsExpected,
                control.Answer,
                "control plane",
                "its address (--listen of 'weft control'; with https:// where it has TLS)"
            ),
        ];

    private static IEnumerable<Finding> Unread(string target, IReadOnlyList<string> pages) =>
        pages.Select(page =>
            Finding.Warning(
                CheckNames.Ports,
                target,
                $"{page}; what it would say is not checked",
                "see its log, and try again with a longer --timeout"
            )
        );

    private static Finding Missing(string target, bool isExpected, Answer answer, string noun, string address) =>
        answer switch
        {
            Answer.None { Why: Silence.Refused } when !isExpected => Finding.Ok(
                CheckNames.Ports,
                target,
                $"there is no {noun} at the usual address"
            ),
            Answer.None none => new Finding(
                CheckNames.Ports,
                target,
                none.Why is Silence.NotHttp && !isExpected ? FindingStatus.Warning : FindingStatus.Error,
                none.Message,
                RemedyOf(none.Why, noun, address)
            ),
            Answer.Page page => Stranger(target, isExpected, page, noun, address),
            _ => throw new ArgumentException($"{answer} is of a kind that is not known here", nameof(answer)),
        };

    private static Finding Stranger(string target, bool isExpected, Answer.Page page, string noun, string address)
    {
        if (page.IsProxyError)
        {
            return Wrong("a listener of a proxy answers there, one for traffic", $"give {address}");
        }

        if (WeftPages.IsAdmin(page))
        {
            return Wrong($"a proxy answers there, and no {noun}", "ask it as one: --proxy ADDR");
        }

        if (WeftPages.Error(page) is not { } error)
        {
            var finding = Wrong(
                $"what answers there (HTTP {page.Status}) is no {noun} of Weft, or one of another version",
                $"give {address}"
            );
            // Others may have a port that nobody has said to be ours.
            return isExpected ? finding : finding with { Status = FindingStatus.Warning };
        }

        return noun == Proxy ? Wrong("a control plane answers there, and no proxy", "ask it as one: --control ADDR")
            : error.Error == ErrorInfo.Unauthenticated
                ? Wrong(error.Message, "give --token-file FILE (tokenFile in a proxy's file)")
            : error.Error == ErrorInfo.NotFound
                ? Wrong(
                    "a control plane of an older version answers there",
                    "update it, or use the program of its version"
                )
            : Wrong(error.Message, "see the log of the control plane");

        Finding Wrong(string detail, string remedy) => Finding.Error(CheckNames.Ports, target, detail, remedy);
    }

    private static string RemedyOf(Silence why, string noun, string address) =>
        why switch
        {
            Silence.Refused => $"start the {noun}, or give {address}",
            Silence.Slow =>
                $"see whether the {noun} is frozen, or its machine overloaded or cut off; --timeout waits longer",
            Silence.NotHttp or Silence.TooLong => $"something else has that port: give {address}",
            Silence.Tls => $"give {address}, and --ca-file where the system does not know its roots",
            _ => $"see whether its machine is up, its name right and the network between; give {address}",
        };

    private static IEnumerable<Finding> Of(FileFacts file)
    {
        var taken = file.Addresses.Where(a => a.Trouble is not null).ToArray();
        foreach (var (name, address, trouble) in taken)
        {
            var (detail, remedy) = trouble switch
            {
                AddressTrouble.InUse => (
                    "is in use",
                    "if this proxy runs already, look at it with --proxy; else end what has the address, or choose another"
                ),
                AddressTrouble.NotOurs => (
                    "is none of this machine",
                    "write an address of this machine, or 0.0.0.0 for all"
                ),
                AddressTrouble.NotAllowed => (
                    "may not be listened on by this user",
                    "choose a port from 1024 on, or allow the program to use it (CAP_NET_BIND_SERVICE)"
                ),
                _ => ("cannot be listened on", "choose another address"),
            };
            yield return Finding.Error(CheckNames.Ports, file.Target, $"'{name}': {address} {detail}", remedy);
        }

        if (file.Addresses.Count > 0 && taken.Length == 0)
        {
            var free = file.Addresses.Count == 1 ? "its address is" : $"all {file.Addresses.Count} addresses are";
            yield return Finding.Ok(CheckNames.Ports, file.Target, $"{free} free");
        }
    }
}
