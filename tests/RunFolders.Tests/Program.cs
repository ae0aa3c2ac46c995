using Orchestrator.RunFolders.Tests;
using Xunit.Runner.InProc.SystemConsole;

return args is ["child", ..] ? Child.Run(args[1..]) : await ConsoleRunner.Run(args);
