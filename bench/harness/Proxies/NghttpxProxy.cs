using Weft.Bench.Harness.Machine;

namespace Weft.Bench.Harness.Proxies;

internal sealed class NghttpxProxy() : ProxyKind(Protocol.Http2)
{
    public override string Name => "nghttpx";

    public override string? Missing => MissingProgram("nghttpx");

    public override Command VersionCommand => new(Command.Find("nghttpx")!, ["--version"]);

    public override string Settings =>
        "one worker, HTTP/2 to the upstream, X-Forwarded-For, -Proto and Via set, no log";

    public override Command Configure(Placement placement)
    {
        var file = placement.Write(
            "nghttpx.conf",
            $"""
            frontend={placement.Listen.Address},{placement.Listen.Port};no-tls
            backend={placement.Upstream.Address},{placement.Upstream.Port};;proto=h2
            workers=1
            backlog=4096
            add-x-forwarded-for=yes
            accesslog-file=/dev/null
            errorlog-file=/dev/stderr
            pid-file={placement.Folder}/nghttpx.pid

            """
        );
        return new Command(Command.Find("nghttpx")!, [$"--conf={file}"]);
    }
}
