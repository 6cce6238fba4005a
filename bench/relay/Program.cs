using Weft.Bench.Relay;

// The floor: what moving bytes costs on Weft.Net alone, with no HTTP and no mesh. See docs/performance.md.
if (!RelayArguments.TryParse(args, out var relay, out var error))
{
    Console.Error.WriteLine($"relay: {error}");
    return 2;
}
Console.Error.WriteLine($"relay: this build has no transport to relay {relay.Listen} to {relay.Target} with");
return 1;
