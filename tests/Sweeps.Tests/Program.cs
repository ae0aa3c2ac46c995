using Orchestrator.Sweeps.Tests;
using Xunit.Runner.InProc.SystemConsole;

// `dotnet run -c Release --project tests/Sweeps.Tests -- soak 200` is the whole soak; the tests run
// a short form of it.
if (args is ["soak", ..] && OperatingSystem.IsLinux())
{
    return SoakRounds.Run(args[1..]);
}

return await ConsoleRunner.Run(args);
