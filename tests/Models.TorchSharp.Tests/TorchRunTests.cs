using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Orchestrator.Models.TorchSharp.Tests;

/// <summary>
/// Whole runs of the program with libtorch: one digest, however they are computed.
/// </summary>
public sealed class TorchRunTests : IDisposable
{
    private static readonly string Program = Path.Combine(
        typeof(TorchRunTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "HostFolder").Value!, "orchestrator");

    private readonly string folder = Directory.CreateTempSubdirectory("orchestrator-torch-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void ThreadsTransportsAndHosts_ChangeNoBit()
    {
        Torch.Require();
        var expected = Digest(Run("--threads", "1"));
        Assert.Equal(expected, Digest(Run("--threads", "4")));
        Assert.Equal(expected, Digest(Run("--set", "transport.type=shared-memory", "--hosts", "2")));
        Assert.Equal(expected, Digest(Run("--set", "transport.type=tcp", "--hosts", "2")));
    }

    [Fact]
    public void AKilledRun_GoesOnToTheSameDigest()
    {
        Torch.Require();
        var expected = Digest(Run());
        var output = Path.Combine(folder, "killed");
        using (var killed = Start(["run", "quickstart", .. Arguments, "--output", output, "--checkpoint-updates", "10"]))
        {
            while (!killed.HasExited && (!Directory.Exists(output) || !Directory.EnumerateFiles(output, "*.checkpoint", SearchOption.AllDirectories).Any()))
            {
                Assert.False(killed.WaitForExit(10), "it ended before it had a checkpoint");
            }

            killed.Kill();
            killed.WaitForExit();
        }

        var run = Directory.GetDirectories(Path.Combine(output, "quickstart")).Single();
        Assert.Equal(expected, Digest(End(Start(["run", "--resume", run, "--quiet", "--json"]))));
    }

    private static string[] Arguments { get; } =
        ["--set", "model.backend=torch", "--set", "stop.updates=60", "--set", "dataset.train=640", "--set", "dataset.test=100", "--quiet", "--json"];

    private string Run(params string[] more) => End(Start(["run", "quickstart", .. Arguments, "--output", Path.Combine(folder, "runs"), .. more]));

    private static string? Digest(string output)
    {
        using var summary = JsonDocument.Parse(output);
        return summary.RootElement.GetProperty("digest").GetString();
    }

    private static Process Start(string[] arguments) =>
        Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static string End(Process process)
    {
        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{process.ExitCode}: {errors.GetAwaiter().GetResult()}");
            return output;
        }
    }
}
