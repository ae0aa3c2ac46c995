using Orchestrator.Launchers.Tests;
using Xunit.Runner.InProc.SystemConsole;

// `dotnet run -c Release --project tests/Launchers.Tests -- soak 300` disturbs sweeps in a Slurm of its
// own.
if (args is ["soak", ..] && OperatingSystem.IsLinux())
{
    return SoakRounds.Run(args[1..]);
}

return await ConsoleRunner.Run(args);
