using Orchestrator.Transports.Tests;
using Xunit.Runner.InProc.SystemConsole;

// Allocations are counted for the whole process, and silence is timed: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

// `dotnet run -c Release --project tests/Transports.Tests -- fuzz 1000000` is the whole fuzzer; the
// tests run a short form of it.
return args is ["fuzz", ..] ? Fuzzer.Fuzz(args[1..]) : await ConsoleRunner.Run(args);
