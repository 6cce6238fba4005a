return await Weft.Cli.CommandLine.RunAsync(args);
