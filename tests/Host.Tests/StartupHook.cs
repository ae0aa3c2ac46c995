// A startup hook is found by this name, outside of all namespaces. It plays the fault of a program
// that is tested for what it does about its own faults.
internal static class StartupHook
{
    public const string Variable = "ORCHESTRATOR_TESTS_FAULT";

    public static void Initialize()
    {
        switch (Environment.GetEnvironmentVariable(Variable))
        {
            case "thread":
                AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => FailBeside(loaded.LoadedAssembly.GetName().Name);
                break;
            case "command":
                Console.SetOut(new Faulty());
                break;
        }
    }

    // While the command is about to be parsed, which it never is.
    private static void FailBeside(string? loaded)
    {
        if (loaded == "System.CommandLine")
        {
            new Thread(() => throw new InvalidOperationException("a fault on a thread")).Start();
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private sealed class Faulty : StringWriter
    {
        public override void Write(string? value) => throw new InvalidOperationException("a fault of a command");

        public override void WriteLine(string? value) => Write(value);
    }
}
