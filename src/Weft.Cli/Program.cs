using Weft.Cli;
using Weft.Proxy;

// A proxy is to be ready within a quarter of a second: its plain form does not wait for the parser to be loaded.
return args is ["proxy", "-c" or "--config", [not '-', ..] file]
    ? await ProxyProgram.RunAsync(file, Console.Error, CancellationToken.None)
    : await CommandLine.RunAsync(args);
