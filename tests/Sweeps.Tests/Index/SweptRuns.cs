using Orchestrator.Host.Tests;

namespace Orchestrator.Sweeps.Tests;

/// <summary>
/// A sweep of twelve runs that was run once, for tests that each want a copy of it.
/// </summary>
public sealed class SweptRuns : IDisposable
{
    /// <summary>Four cells of three seeds.</summary>
    public const string Axes = """{ "axes": { "optimizer.momentum": [0, 0.5], "workers.count": [2, 5] }, "seeds": 3 }""";

    private readonly Cli program = new();

    public SweptRuns()
    {
        Assert.Equal(0, program.Run("run", program.Pipeline(Pipelines.Quadratic(Axes)), "--quiet", "--jobs", "2", "-o", program.Runs).ExitCode);
    }

    /// <summary>Copies the pipeline, <c>runs</c> and <c>results</c>.</summary>
    public void CopyTo(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(program.Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(program.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    public void Dispose() => program.Dispose();
}
