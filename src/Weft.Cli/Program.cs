using Weft.Proxy;

// Until the verbs are there: proxy -c FILE [--check].
if (args is not ["proxy", "-c", var file, ..])
{
    Console.Error.WriteLine("weft proxy -c FILE [--check]");
    return 2;
}

return args.Contains("--check", StringComparer.Ordinal)
    ? ProxyProgram.Check(file, Console.Out, Console.Error)
    : await ProxyProgram.RunAsync(file, Console.Error, CancellationToken.None);
