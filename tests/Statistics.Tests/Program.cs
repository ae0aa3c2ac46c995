using Orchestrator.Statistics.Tests.Acceptance;
using Xunit.Runner.InProc.SystemConsole;

// `dotnet run -c Release --project tests/Statistics.Tests -- acceptance` is the whole of the
// simulations (some minutes of one core), printed as Markdown; `... acceptance 500` makes so many
// tables of each instead. The tests run a short form of it.
if (args is ["acceptance", ..])
{
    return AcceptanceReport.Run(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 10_000, Console.Out);
}

return await ConsoleRunner.Run(args);
