using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Orchestrator.Reports.Tests;

/// <summary>The how-to for pandas, run as it stands.</summary>
public sealed partial class PandasTests
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public async Task The_lines_for_pandas_run_as_they_stand()
    {
        if (!File.Exists(Python) || (await Run("import pandas", "/")).Errors.Contains("ModuleNotFoundError", StringComparison.Ordinal))
        {
            Assert.Skip("No pandas: python3-pandas is not installed.");
        }

        using var run = new MadeRun("quickstart", 3, 1_000);
        var root = Directory.CreateTempSubdirectory("orchestrator-pandas-").FullName;
        try
        {
            var folder = Path.Combine(root, "runs/quickstart/7caf08a824db-1");
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            Directory.Move(run.Folder, folder);
            Directory.CreateDirectory(Path.Combine(root, "runs/quickstart/sweep-0123456789ab"));
            var pipeline = Path.Combine(folder, "pipeline.json");
            File.WriteAllText(pipeline, """{"seed":1,"workers":{"count":3}}""");

            var page = await File.ReadAllTextAsync(Path.Combine(Repository, "docs/how-to-pandas-duckdb.md"), TestContext.Current.CancellationToken);
            var script = string.Join('\n', Blocks().Matches(page).Select(block => block.Groups[1].Value));
            var (code, output, errors) = await Run(script, root);

            Assert.True(code == 0, errors);
            Assert.Matches(@"applied\s+1000", output);
            Assert.Matches(@"(?m)^3\s+1\s+90\.0", output);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static string Repository =>
        typeof(PandasTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    private static async Task<(int Code, string Output, string Errors)> Run(string script, string folder)
    {
        var start = new ProcessStartInfo(Python, ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, errors);
    }
}
