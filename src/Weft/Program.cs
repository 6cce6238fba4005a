using Weft;
using Weft.Proxy;

return PlainProxy.Is(args, out var file) ? await PlainProxy.RunAsync(file, Console.Error) : await Verbs.RunAsync(args);
