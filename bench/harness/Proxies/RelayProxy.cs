using Weft.Bench.Harness.Machine;

namespace Weft.Bench.Harness.Proxies;

/// <summary>The floor: bytes moved by Weft.Net, no HTTP at all.</summary>
internal sealed class RelayProxy(string program, Protocol protocol) : ProxyKind(protocol)
{
    public override string Name => "relay";

    public override string? Missing => File.Exists(program) ? null : $"no program at '{program}'";

    public override Command VersionCommand => new("true", []);

    public override string Settings => "raw TCP on Weft.Net, one upstream connection for each accepted one";

    public override Command Configure(Placement placement) =>
        new(program, [$"{placement.Listen}", $"{placement.Upstream}"]);
}
