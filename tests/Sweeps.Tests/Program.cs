namespace Orchestrator.Sweeps.Tests;

internal static class Program
{
    public static Task<int> Main(string[] arguments) => Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments);
}
