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

    /// <summary>
    /// Four workers, each with a group of samples that it takes whole, so that Python needs no
    /// order of ours.
    /// </summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public void EveryLossOfAnAsynchronousRun_IsWhatPyTorchGetsWithItsRecord(string version)
    {
        PyTorch.Require(version);
        var data = Path.Combine(folder, "data.npz");
        var script = PyTorch.Script(version, "scripted");
        PyTorch.Run("replay.py", "data", data);
        var pipeline = Path.Combine(folder, "oracle.json");
        File.WriteAllText(pipeline, $$"""
            {
              "dataset": { "type": "npz", "file": "{{data}}", "groups": "user", "normalize": false },
              "model": { "type": "torch-script", "file": "{{script}}" },
              "partitioner": "by-column",
              "optimizer": { "type": "sgd", "learningRate": 0.002, "momentum": 0.9 },
              "workers": { "count": 4, "batchSize": 16, "compute": { "type": "gamma", "meanMs": 10, "coefficientOfVariation": 0.5 } },
              "stop": { "updates": 200 }
            }
            """);
        using var summary = JsonDocument.Parse(End(Start(["run", pipeline, "--quiet", "--json", "--output", Path.Combine(folder, "runs")])));
        var run = summary.RootElement.GetProperty("folder").GetString()!;

        var (pushes, worst) = Replayed(run, data, script);
        var (_, withoutStaleness) = Replayed(run, data, script, "fresh");

        Assert.Equal(200, pushes);
        Assert.InRange(worst, 0, 1e-4);
        Assert.True(withoutStaleness > 0.01, $"Without staleness losses are {withoutStaleness} away: this run shows nothing.");
    }

    public static TheoryData<string> Versions => [.. PyTorch.Versions];

    [Fact]
    public void AModuleInCSharp_OfAUsersAssembly_TrainsToOneDigest()
    {
        Torch.Require();
        var (assembly, name) = (typeof(UsersNet).Assembly.Location, typeof(UsersNet).FullName);
        string[] module = ["--set", $$"""model={"type":"torch-module","assembly":"{{assembly}}","class":"{{name}}"}"""];
        string[] arguments = [.. Arguments.SkipWhile(argument => argument != "stop.updates=60").Prepend("--set"), .. module];
        string Digested(params string[] more) => Digest(End(Start(["run", "quickstart", .. arguments, "--output", Path.Combine(folder, "runs"), .. more])))!;

        var expected = Digested("--threads", "1");
        Assert.Equal(expected, Digested("--threads", "4"));
        Assert.Equal(expected, Digested("--set", "transport.type=tcp", "--hosts", "2"));
    }

    [Fact]
    public async Task AModuleThatFailsInTheBackwardPass_FailsTheRunByName()
    {
        Torch.Require();
        var (assembly, name) = (typeof(NetDetachedLater).Assembly.Location, typeof(NetDetachedLater).FullName);
        var module = $$"""model={"type":"torch-module","assembly":"{{assembly}}","class":"{{name}}"}""";
        using var run = Start(["run", "quickstart", "--set", module, "--output", Path.Combine(folder, "runs")]);
        var output = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{name} fails on a batch of 32 samples: element 0 of tensors does not require grad", await output + errors, StringComparison.Ordinal);
    }

    private static (int Pushes, double Worst) Replayed(params string[] arguments)
    {
        using var printed = JsonDocument.Parse(PyTorch.Run("replay.py", ["run", .. arguments]));
        return (printed.RootElement.GetProperty("pushes").GetInt32(), printed.RootElement.GetProperty("worst").GetDouble());
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
