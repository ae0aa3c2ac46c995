using Orchestrator.Datasets.Tests;
using Xunit.Runner.InProc.SystemConsole;

// `dotnet run -c Release --project tests/Datasets.Tests -- mutate 100000` damages so many files of
// each format; the tests run a short form of it.
return args is ["mutate", _, ..] ? Mutations.Run(args[1..]) : await ConsoleRunner.Run(args);
