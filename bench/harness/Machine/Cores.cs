namespace Weft.Bench.Harness.Machine;

/// <summary>Who runs where: the proxy has a core to itself, and what it talks to shares another.</summary>
internal static class Cores
{
    public const int Proxy = 0;
    public const int Peers = 1;
}
