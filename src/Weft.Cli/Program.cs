return await Weft.Proxy.ProxyProgram.RunAsync(args[2], Console.Error, CancellationToken.None);
