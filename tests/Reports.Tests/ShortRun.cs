using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Orchestrator.Reports.Tests;

/// <summary>A short run, or sweep, by the program itself, in a folder of its own.</summary>
internal sealed class ShortRun : IDisposable
{
    public static readonly string Program =
        Path.Combine(typeof(ShortRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "HostFolder").Value!, "orchestrator");

    private readonly string root = Directory.CreateTempSubdirectory("orchestrator-report-").FullName;

    /// <param name="pipeline">A shipped pipeline's name, or JSON.</param>
    /// <param name="arguments">Behind it.</param>
    public ShortRun(string pipeline, params string[] arguments)
        : this(null, pipeline, arguments)
    {
    }

    /// <param name="runs">The folder of all runs; null for one of its own.</param>
    /// <param name="pipeline">A shipped pipeline's name, or JSON.</param>
    /// <param name="arguments">Behind it.</param>
    public ShortRun(string? runs, string pipeline, string[] arguments)
    {
        if (pipeline.StartsWith('{'))
        {
            var file = Path.Combine(root, "test.json");
            File.WriteAllText(file, pipeline);
            pipeline = file;
        }

        var start = new ProcessStartInfo(Program, ["run", pipeline, "--json", "--quiet", "--output", runs ?? Path.Combine(root, "runs"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = root,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (!process.WaitForExit(TimeSpan.FromMinutes(4)))
        {
            process.Kill();
            Assert.Fail("The run did not end.");
        }

        Assert.True(process.ExitCode == 0, error.Result);
        Result = JsonDocument.Parse(output.Result).RootElement;
    }

    /// <summary>What the program printed.</summary>
    public JsonElement Result { get; }

    public string Folder => Result.GetProperty("folder").GetString()!;

    public string Report => Result.GetProperty("report").GetString()!;

    public void Dispose() => Directory.Delete(root, recursive: true);
}
