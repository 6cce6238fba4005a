using Weft.Cli;
using Weft.Proxy;

// Every verb but the plain form of one lives in Weft.Cli, which a proxy never loads.
return PlainProxy.Is(args, out var file)
    ? await PlainProxy.RunAsync(file, Console.Error)
    : await CommandLine.RunAsync(args);
