using Xunit.Runner.InProc.SystemConsole;

// Allocations are counted for the whole process, and idle cost is measured: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

return await ConsoleRunner.Run(args);
