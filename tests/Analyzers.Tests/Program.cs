using Orchestrator.Analyzers.Tests.Planted;
using Xunit.Runner.InProc.SystemConsole;

// `dotnet run -c Release --project tests/Analyzers.Tests -- planted 100` is the whole trial; the
// tests run a short form of it.
if (args is ["planted", ..])
{
    return TrialRounds.Run(args[1..]);
}

return await ConsoleRunner.Run(args);
