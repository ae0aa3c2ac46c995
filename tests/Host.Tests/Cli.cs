using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>
/// The program as a process, with a folder of its own for runs and pipelines, removed afterwards.
/// </summary>
internal sealed partial class Cli : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(4);

    // How long a process is left alone between two looks at what it does.
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(1);

    public static string RepositoryRoot { get; } = Metadata("RepositoryRoot");

    public static string Configuration { get; } = Metadata("Configuration");

    public string Folder { get; } = Directory.CreateTempSubdirectory("orchestrator-").FullName;

    public string Program { get; init; } = Path.Combine(Metadata("HostFolder"), "orchestrator");

    public string Runs => Path.Combine(Folder, "runs");

    /// <summary>Writes a pipeline and returns its path.</summary>
    public string Pipeline(string json, string name = "test.json")
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, json);
        return path;
    }

    public static string Shipped(string path) => Path.Combine(RepositoryRoot, "pipelines", path);

    /// <summary>
    /// Runs to the end; a run that takes longer than the bound is killed and fails the test.
    /// </summary>
    public Ended Run(params string[] arguments)
    {
        using var process = Start(arguments);
        return process.End();
    }

    /// <summary>
    /// <c>run FILE --json --quiet</c>, which must end with the given code; returns the summary.
    /// </summary>
    public JsonElement RunJson(string file, int expectedExit, params string[] more)
    {
        var ended = Run(["run", file, "--json", "--quiet", "--output", Runs, .. more]);
        Assert.True(ended.ExitCode == expectedExit, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return JsonDocument.Parse(ended.Output).RootElement;
    }

    /// <summary>A port of the loopback that nobody uses.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public static JsonElement Summary(string output) => JsonDocument.Parse(output).RootElement;

    public Running Start(params string[] arguments) => StartWith(new Dictionary<string, string>(), arguments);

    /// <summary>With environment variables.</summary>
    public Running StartWith(IReadOnlyDictionary<string, string> variables, params string[] arguments) => Start(Program, arguments, variables);

    /// <summary>
    /// Through a shell script, which finds the program in <c>$0</c> and its arguments in <c>$@</c>.
    /// </summary>
    public Running StartShell(IReadOnlyDictionary<string, string> variables, string script, params string[] arguments) =>
        Start("/bin/sh", ["-c", script, Program, .. arguments], variables);

    private Running Start(string file, string[] arguments, IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Folder,
        };
        start.Environment["NO_COLOR"] = "1";
        start.Environment.Remove("ORCHESTRATOR_PLUGINS");
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return new Running(Process.Start(start)!);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string Metadata(string key) =>
        typeof(Cli).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    /// <summary>What a process left.</summary>
    public sealed record Ended(int ExitCode, string Output, string Error);

    /// <summary>A process under way.</summary>
    public sealed partial class Running : IDisposable
    {
        private readonly Process process;
        private readonly Task<string> output;
        private readonly Task<string> error;

        public Running(Process process)
        {
            this.process = process;
            process.StandardInput.Close();
            output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        }

        public int Id => process.Id;

        public Ended End()
        {
            if (!process.WaitForExit(Bound))
            {
                process.Kill();
                Assert.Fail($"The process did not end within {Bound}.");
            }

            return new Ended(process.ExitCode, output.Result, error.Result);
        }

        /// <summary>Whether it ends by itself within some ms.</summary>
        public bool EndsWithin(int milliseconds) => process.WaitForExit(milliseconds);

        /// <summary>Waits until a condition holds while the process lives.</summary>
        public void Until(Func<bool> condition)
        {
            var deadline = Stopwatch.StartNew();
            while (!condition())
            {
                // Without a core of its own: what is waited for needs it.
                Assert.False(process.WaitForExit(Glance), "The process ended first.");
                Assert.True(deadline.Elapsed < Bound, "The condition did not come true.");
            }
        }

        public void Signal(int signal) => Signal(process.Id, signal);

        public static void Signal(int process, int signal) => Assert.Equal(0, Kill(process, signal));

        /// <summary>Does something again and again until the process has ended.</summary>
        public void UntilEnd(Action action)
        {
            var deadline = Stopwatch.StartNew();
            do
            {
                action();
            }
            while (!process.WaitForExit(Glance) && deadline.Elapsed < Bound);
        }

        /// <summary>
        /// Sends a signal again and again until the process has ended; one that comes too late is
        /// no failure.
        /// </summary>
        public void SignalUntilEnd(int signal) => UntilEnd(() => _ = Kill(process.Id, signal));

        public void Dispose()
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.Dispose();
        }

        [LibraryImport("libc", EntryPoint = "kill")]
        private static partial int Kill(int pid, int signal);
    }
}
