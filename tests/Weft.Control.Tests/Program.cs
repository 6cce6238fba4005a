using Weft.Control.Tests.Store;
using Xunit.Runner.InProc.SystemConsole;

return args is [KilledWriter.Verb, var folder, var seed]
    ? await KilledWriter.RunAsync(folder, int.Parse(seed))
    : await ConsoleRunner.Run(args);
