using Weft.Cli;
using Weft.Cli.Verbs;

return ProxyRun.Is(args, out var file) ? await ProxyRun.RunAsync(file) : await CommandLine.RunAsync(args);
