using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Orchestrator.Telemetry.Tests;

/// <summary>
/// The program as a process, with the variables a test gives it and no other of OpenTelemetry's.
/// </summary>
internal sealed class ObservedProgram : IDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    /// <summary>About a second of real training.</summary>
    public const string Pipeline = """
        {
          "name": "observed",
          "dataset": { "type": "glyphs", "train": 400, "test": 100 },
          "model": "softmax-regression",
          "optimizer": { "type": "sgd", "learningRate": 0.05, "momentum": 0.9 },
          "workers": { "count": 5, "batchSize": 16, "compute": { "type": "gamma", "meanMs": 10, "coefficientOfVariation": 0.4 } },
          "stop": { "updates": 400 },
          "evaluation": { "everyUpdates": 100 }
        }
        """;

    public static string RepositoryRoot { get; } = Metadata("RepositoryRoot");

    public string Folder { get; } = Directory.CreateTempSubdirectory("orchestrator-telemetry-").FullName;

    /// <summary>Runs a pipeline to its end.</summary>
    public Result Run(string pipeline, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        using var process = Start(pipeline, variables, arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEnd();
        if (!process.WaitForExit(Bound))
        {
            process.Kill();
            Assert.Fail($"The run did not end within {Bound}.");
        }

        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}\n{output.Result}\n{error}");
        return new Result(output.Result, error);
    }

    /// <summary>
    /// Runs a pipeline that has no end of its own until its rows satisfy a condition, and then
    /// tells it to stop.
    /// </summary>
    public Result RunUntil(
        string pipeline, IReadOnlyDictionary<string, string> variables, Func<IReadOnlyList<Dictionary<string, string>>, bool> isEnough,
        params string[] arguments)
    {
        using var process = Start(pipeline, variables, arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var waited = Stopwatch.StartNew();
        while (!process.HasExited && waited.Elapsed < Bound && !isEnough(RowsSoFar()))
        {
            process.WaitForExit(50);
        }

        Assert.False(process.HasExited, process.HasExited ? $"the run ended by itself: exit code {process.ExitCode}\n{output.Result}\n{error.Result}" : "");
        Assert.Equal(0, Kill(process.Id, Terminate));
        if (!process.WaitForExit(Bound))
        {
            process.Kill();
            Assert.Fail($"The run did not end within {Bound} of being told to.");
        }

        Assert.True(process.ExitCode == 130, $"exit code {process.ExitCode}\n{output.Result}\n{error.Result}");
        return new Result(output.Result, error.Result);
    }

    public Process Start(string pipeline, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var file = Path.Combine(Folder, "pipeline.json");
        File.WriteAllText(file, pipeline);
        var start = new ProcessStartInfo(
            Path.Combine(Metadata("HostFolder"), "orchestrator"),
            ["run", file, "--quiet", .. arguments.Contains("--output") ? [] : new[] { "--output", Path.Combine(Folder, "runs") }, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("OTEL_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private List<Dictionary<string, string>> RowsSoFar()
    {
        var runs = Path.Combine(Folder, "runs");
        var file = Directory.Exists(runs) ? Directory.EnumerateFiles(runs, "updates.csv", SearchOption.AllDirectories).FirstOrDefault() : null;
        return file is null ? [] : Rows(file);
    }

    // A row that is being written is not there yet.
    private static List<Dictionary<string, string>> Rows(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var columns = lines.Length > 0 ? lines[0].Split(',') : [];
        return [.. lines.Skip(1).Select(line => columns.Zip(line.Split(',')).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    private static string Metadata(string key) =>
        typeof(ObservedProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    /// <summary>What a run of the program left.</summary>
    public sealed record Result(string Output, string Error)
    {
        /// <summary>A line of the summary for people: <c>digest</c>, <c>folder</c>.</summary>
        public string Line(string name) =>
            Output.Split('\n').Select(line => line.Trim()).First(line => line.StartsWith(name + " ", StringComparison.Ordinal))[name.Length..].Trim();

        /// <summary>Rows of <c>updates.csv</c> by column.</summary>
        public IReadOnlyList<Dictionary<string, string>> Updates => Rows(Path.Combine(Line("folder"), "updates.csv"));
    }
}
